import ModelFile
import Quantization
import Testing

@testable import Acoustics

/// Front ends of published systems, whose rows have many columns.
@Suite struct SeedColumnTests {
  /// What a map of `definition` makes of random vectors, against the oracle to the step.
  private func check(_ definition: FrontEndDefinition, columns: Int) throws {
    #expect(definition.columns == columns)
    try expectOracle(definition, frames: 100)
  }

  @Test func twentyCoefficientsWithChromaMelContrastAndTonnetz() throws {
    try check(
      FrontEndDefinition(
        frame: 2048, hop: 512, fft: 2048, bands: 128, coefficients: 20,
        extras: .chroma.union(.mel).union(.contrast).union(.tonnetz)),
      columns: 20 + 128 + 12 + 7 + 6)
  }

  @Test func crossingsLoudnessAndTwentyCoefficients() throws {
    try check(
      FrontEndDefinition(
        frame: 2048, hop: 512, fft: 2048, coefficients: 20,
        extras: .zeroCrossings.union(.rootMeanSquare)),
      columns: 22)
  }

  @Test func everyGroupAtOnce() throws {
    try check(
      FrontEndDefinition(
        bands: 24, coefficients: 13, extras: .init(rawValue: 511), runningMeans: 5),
      columns: 13 + 24 + 58 + 27 + 5 + 26)
  }

  @Test func aRampHasItsSlopeTwoFramesLater() throws {
    let memory = ArenaMemory { _ = Deltas(count: 1, arena: &$0) }
    var arena = memory.arena()
    var deltas = Deltas(count: 1, arena: &arena)
    deltas.restart()
    let slopes = (0..<8).map { frame in deltas.push([Int32(max(0, frame - 2)) * 1000])[0] }
    #expect(slopes == [0, 0, 0, 200, 500, 800, 1000, 1000])
    deltas.restart()
    #expect(deltas.push([77777])[0] == 0)
    withExtendedLifetime(memory) {}
  }
}
