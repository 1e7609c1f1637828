import JSON
import Testing

/// Fails unless a stream's time lags behind the clock by as much in each of `parts` of what it published.
///
/// The least lag of each part counts: a busy machine hears and publishes late, never early.
func expectTrueTime(_ parts: [JSONValue]..., at place: SourceLocation = #_sourceLocation) {
  let lags = parts.map { $0.compactMap(\.lagMs) }
  #expect(lags.allSatisfy { !$0.isEmpty }, "\(lags)", sourceLocation: place)
  let least = lags.compactMap { $0.min() }
  #expect((least.max() ?? 0) - (least.min() ?? 0) < 60, "\(lags)", sourceLocation: place)
}
