/// When an event happened, as both clocks had it.
public struct EventMoment: Hashable, Sendable {
  /// The time of day.
  public var time: Timestamp
  /// Milliseconds of CLOCK_MONOTONIC.
  public var monotonicMs: Int

  /// The moment at which the clocks show these times.
  public init(time: Timestamp, monotonicMs: Int) {
    (self.time, self.monotonicMs) = (time, monotonicMs)
  }
}
