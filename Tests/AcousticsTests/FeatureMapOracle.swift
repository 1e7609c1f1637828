import Acoustics
import Reference
import TestSupport
import Testing

/// Fails unless a map of `definition` makes of random vectors what the oracle does, to the step.
func expectOracle(_ definition: FrontEndDefinition, frames: Int) throws {
  let columns = definition.columns
  let means = (0..<columns).map { Double($0 % 7) / 4 }
  let deviations = (0..<columns).map { 0.5 + Double($0 % 5) / 3 }
  var random = SplitMix(seed: 8)
  let rows = (0..<frames).map { _ in
    (0..<definition.rawCount).map { _ in Int32.random(in: -(3 << 16)...(3 << 16), using: &random) }
  }
  let features = try mapped(
    rows, definition: definition, means: means, deviations: deviations
  ).features
  var oracle = FloatFeatureMap(definition, means: means, deviations: deviations)
  for (row, feature) in zip(rows, features) {
    let exact = oracle.map(row.map { Double($0) / 65536 }).map { $0 * 127 / 6 }
    try #require(exact.count == feature.count)
    for (e, f) in zip(exact, feature) {
      #expect(abs(min(127, max(-128, e)) - Double(f)) <= 0.51)
    }
  }
}
