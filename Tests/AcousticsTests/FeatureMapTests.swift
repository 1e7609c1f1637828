import Acoustics
import Foundation
import Quantization
import Reference
import Testing

@Suite struct FeatureMapTests {
  private let definition = FrontEndDefinition(bands: 8, coefficients: 5)

  /// The DCT-II and the standardization, from their definitions.
  private func reference(_ raw: [Double], means: [Double], deviations: [Double]) -> [Double] {
    (0..<5).map { k in
      let sum = (0..<8).reduce(0.0) {
        $0 + raw[$1] * cos(.pi / 8 * (Double($1) + 0.5) * Double(k))
      }
      let coefficient = sum * (k == 0 ? (1.0 / 8).squareRoot() : 0.5)
      return (coefficient - means[k]) * 127 / (6 * deviations[k])
    }
  }

  @Test func equalsTheDefinitionToTheStep() throws {
    let means = [30.0, 1, -2, 0.5, 0]
    let deviations = [8.0, 3, 1, 0.7, 0.2]
    let rows = (0..<300).map { _ in (0..<9).map { _ in Int32.random(in: 0...(15 << 16)) } }
    let features = try mapped(
      rows, definition: definition, means: means, deviations: deviations
    ).features
    for (row, feature) in zip(rows, features) {
      let exact = reference(
        row.map { Double($0) / 65536 }, means: means, deviations: deviations)
      for (e, f) in zip(exact, feature) {
        #expect(abs(min(127, max(-128, e)) - Double(f)) <= 0.51)
      }
    }
  }

  @Test func saturatesBeyondSixDeviations() throws {
    let rows = [[Int32](repeating: 22 << 16, count: 9), [Int32](repeating: -22 << 16, count: 9)]
    let features = try mapped(
      rows, definition: definition, means: [0, 0, 0, 0, 0], deviations: [1, 1, 1, 1, 1]
    ).features
    #expect(features[0][0] == 127 && features[1][0] == -128)
    #expect(features[0][1...].allSatisfy { $0 == 0 })
  }
}

@Suite struct FeatureMapWithExtrasTests {
  private let definition = FrontEndDefinition(
    bands: 8, coefficients: 5, extras: .voice, runningMeans: 3)

  @Test func equalsTheOracleToTheStep() throws {
    let columns = definition.columns
    #expect(columns == 5 + 58 + 3)
    let means = (0..<columns).map { Double($0 % 7) / 4 }
    let deviations = (0..<columns).map { 0.5 + Double($0 % 5) / 3 }
    let rows = (0..<200).map { _ in
      (0..<definition.rawCount).map { _ in Int32.random(in: -(3 << 16)...(3 << 16)) }
    }
    let features = try mapped(
      rows, definition: definition, means: means, deviations: deviations
    ).features
    var oracle = FloatFeatureMap(definition, means: means, deviations: deviations)
    for (row, feature) in zip(rows, features) {
      let exact = oracle.map(row.map { Double($0) / 65536 }).map { $0 * 127 / 6 }
      for (e, f) in zip(exact, feature) {
        #expect(abs(min(127, max(-128, e)) - Double(f)) <= 0.51)
      }
    }
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
