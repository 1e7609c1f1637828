import Acoustics
import Testing

@Suite struct FeatureMapWithExtrasTests {
  private let definition = FrontEndDefinition(
    bands: 8, coefficients: 5, extras: .voice, runningMeans: 3)

  @Test func equalsTheOracleToTheStep() throws {
    #expect(definition.columns == 5 + 58 + 3)
    try expectOracle(definition, frames: 200)
  }

  @Test func runningMeansSettleAndRestart() throws {
    let zeros = [Double](repeating: 0, count: definition.columns)
    let ones = [Double](repeating: 1, count: definition.columns)
    var row = [Int32](repeating: 0, count: definition.rawCount)
    for band in 0..<8 { row[band] = 1 << 16 }
    let features = try mapped(
      [[Int32]](repeating: row, count: 300), definition: definition, means: zeros, deviations: ones
    ).features
    // c0 = √8; less its running mean √8·t/(t + 30).
    for t in [1, 2, 30, 300] {
      let exact = 8.0.squareRoot() * (1 - Double(t) / Double(t + 30)) * 127 / 6
      #expect(abs(Double(features[t - 1][63]) - exact) <= 0.51)
    }
  }
}
