import Acoustics
import Foundation
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
