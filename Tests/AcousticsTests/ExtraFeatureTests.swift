import Foundation
import ModelFile
import Quantization
import Reference
import TestSupport
import Testing

@testable import Acoustics

private typealias Extras = FrontEndDefinition.Extras

/// The extras behind the level of every frame, or its mel bands without any, and which frames are
/// speech.
private struct ExtraComparison {
  var exact: [[Double]] = []
  var fixed: [[Double]] = []
  var speech: [Bool] = []

  init(_ extras: Extras, fft: Int32) throws {
    let definition = FrontEndDefinition(
      frame: fft == 512 ? 400 : fft, hop: fft == 512 ? 160 : fft / 4, fft: fft, extras: extras)
    let corpus = Speech.corpus(count: 40)
    let clips = corpus.isEmpty ? Speech.synthetic : corpus
    let oracle = FloatFrontEnd(definition)
    let frontEnd = try FixedFrontEnd(definition)
    let values =
      extras == .none ? 0..<definition.levelIndex : definition.levelIndex + 1..<definition.rawCount
    for clip in clips + [[Int16](repeating: 0, count: 8000)] {
      let rows = oracle.raw(clip)
      exact += rows.map { Array($0[values]) }
      fixed += frontEnd.raw(clip).map { row in row[values].map { Double($0) / 65536 } }
      speech += SignalToNoise.speech(levels: rows.map { $0[definition.levelIndex] })
    }
    try #require(exact.count == fixed.count && !exact.isEmpty)
  }
}

private func report(_ ratio: SignalToNoise, _ name: String) {
  func decibels(_ value: Double) -> String { String(format: "%.1f dB", value) }
  print(
    "\(name) against double precision: \(decibels(ratio.overall)), worst column",
    "\(decibels(ratio.worstCoefficient)), worst frame \(decibels(ratio.worstFrame)),",
    "silence included \(decibels(ratio.allFrames))")
}

@Suite struct ExtraFeatureTests {
  private static let groups: [(String, Extras)] = [
    ("zero crossings", .zeroCrossings), ("root mean square", .rootMeanSquare),
    ("chroma", .chroma), ("spectral contrast", .contrast), ("tonnetz", .tonnetz),
    ("log-mel bands", .none),
  ]

  @Test(arguments: 0..<6, [512, 2048] as [Int32])
  func equalTheOracle(group: Int, fft: Int32) throws {
    let (name, extras) = ExtraFeatureTests.groups[group]
    let comparison = try ExtraComparison(extras, fft: fft)
    let ratio = SignalToNoise(
      exact: comparison.exact, fixed: comparison.fixed, speech: comparison.speech)
    report(ratio, "\(name), transform of \(fft),")
    #expect(ratio.overall >= 80)
    #expect(ratio.worstCoefficient >= 66)
    #expect(ratio.allFrames >= 80)
  }

  @Test func deltasEqualTheOracle() throws {
    let definition = FrontEndDefinition(extras: .deltas.union(.deltaDeltas))
    let zeros = [Double](repeating: 0, count: definition.columns)
    let ones = [Double](repeating: 1, count: definition.columns)
    var (exact, fixed, speech) = ([[Double]](), [[Double]](), [Bool]())
    let corpus = Speech.corpus(count: 40)
    for clip in corpus.isEmpty ? Speech.synthetic : corpus {
      let raw = FloatFrontEnd(definition).raw(clip)
      speech += SignalToNoise.speech(levels: raw.map { $0[definition.levelIndex] })
      var map = FloatFeatureMap(definition, means: zeros, deviations: ones)
      exact += raw.map { Array(map.map($0)[40...]) }
      let memory = ArenaMemory {
        for _ in 0..<2 { _ = Deltas(count: 40, arena: &$0) }
      }
      var arena = memory.arena()
      var first = Deltas(count: 40, arena: &arena)
      var second = Deltas(count: 40, arena: &arena)
      first.restart()
      second.restart()
      let cepstra = try mapped(
        FixedFrontEnd(definition).raw(clip), definition: definition, means: zeros, deviations: ones
      ).cepstra
      for cepstrum in cepstra {
        let slopes = first.push(cepstrum)
        let slopesOfSlopes = second.push(slopes)
        let all = (0..<40).map { slopes[$0] } + (0..<40).map { slopesOfSlopes[$0] }
        fixed.append(all.map { Double($0) / 65536 })
      }
      withExtendedLifetime(memory) {}
    }
    let ratio = SignalToNoise(exact: exact, fixed: fixed, speech: speech)
    report(ratio, "deltas and delta-deltas")
    #expect(ratio.overall >= 66)
    #expect(ratio.worstCoefficient >= 66)
  }

  /// The extras of a frame in the middle of a signal.
  private func extras(_ extras: Extras, _ signal: (Double) -> Double) throws -> [Double] {
    let definition = FrontEndDefinition(frame: 2048, hop: 512, fft: 2048, extras: extras)
    let samples = (0..<8192).map { Int16(signal(Double($0) / 16000).rounded()) }
    let rows = try FixedFrontEnd(definition).raw(samples)
    return rows[4][(definition.levelIndex + 1)...].map { Double($0) / 65536 }
  }

  private func tone(_ frequency: Double, _ time: Double) -> Double {
    4000 * sin(2 * .pi * frequency * time)
  }

  @Test(arguments: [(261.63, 0), (293.66, 2), (440.0, 9), (880.0, 9), (987.77, 11)])
  func chromaNamesANote(frequency: Double, pitchClass: Int) throws {
    let chroma = try extras(.chroma) { tone(frequency, $0) }
    #expect(chroma.count == 12)
    #expect(chroma[pitchClass] > 0.999)
    #expect(chroma.enumerated().allSatisfy { $0.offset == pitchClass || $0.element < 0.9 })
  }

  @Test func tonnetzHearsAFifthAndNoOctave() throws {
    let low = try extras(.tonnetz) { tone(440, $0) }
    let high = try extras(.tonnetz) { tone(880, $0) }
    for (a, b) in zip(low, high) { #expect(abs(a - b) < 2.4) }
    let fifth = try extras(.tonnetz) { tone(659.26, $0) }
    let tritone = try extras(.tonnetz) { tone(622.25, $0) }
    func distance(_ other: [Double]) -> Double {
      zip(low, other).prefix(2).reduce(0) { $0 + pow($1.0 - $1.1, 2) }.squareRoot()
    }
    #expect(distance(fifth) < 11 && distance(tritone) > 16)
  }

  @Test func contrastIsHighForATone() throws {
    var random = SplitMix(seed: 5)
    let sound = try extras(.contrast) { tone(1100, $0) }
    let noise = try extras(.contrast) { _ in Double.random(in: -4000...4000, using: &random) }
    // 800–1600 Hz.
    #expect(sound[3] > noise[3] + 3)
    #expect(noise.allSatisfy { $0 > 0 && $0 < 8 })
    #expect(try extras(.contrast) { _ in 0 } == [Double](repeating: 0, count: 7))
  }

  @Test func rootMeanSquareIsThatOfASine() throws {
    let sine = try extras(.rootMeanSquare) { tone(500, $0) + 1000 }[0]
    #expect(abs(sine - 4000 / 2.0.squareRoot() / 512) < 0.001)
    #expect(try extras(.rootMeanSquare) { _ in 5 }[0] == 0)
    let square = try extras(.rootMeanSquare) {
      $0 * 8000 - ($0 * 8000).rounded(.down) < 0.5 ? 32767 : -32768
    }
    #expect(abs(square[0] - 64) < 0.01)
  }

  @Test func silenceHasNoPitchClass() throws {
    #expect(try extras(.chroma.union(.tonnetz)) { _ in 0 }.allSatisfy { $0 == 0 })
  }

  @Test func groupsStandInTheOrderOfTheirBits() throws {
    let all = Extras.zeroCrossings.union(.rootMeanSquare).union(.chroma).union(.contrast).union(
      .tonnetz)
    let together = try extras(all) { tone(440, $0) + tone(1234, $0) }
    let apart = try ExtraFeatureTests.groups.dropLast().flatMap { group in
      try extras(group.1) { tone(440, $0) + tone(1234, $0) }
    }
    #expect(together == apart && together.count == 27)
  }
}
