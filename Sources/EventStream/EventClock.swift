import CLinux

/// The two clocks an event is stamped with: the wall's, which people read and NTP may move, and the
/// monotonic one, which measures.
public struct EventClock: Sendable {
  /// The time of day.
  public var now: @Sendable () -> Timestamp
  /// Milliseconds of CLOCK_MONOTONIC.
  public var monotonicMs: @Sendable () -> Int

  /// Clocks of the caller's choice.
  public init(
    now: @escaping @Sendable () -> Timestamp, monotonicMs: @escaping @Sendable () -> Int
  ) {
    (self.now, self.monotonicMs) = (now, monotonicMs)
  }

  /// What both show now.
  public var moment: EventMoment { EventMoment(time: now(), monotonicMs: monotonicMs()) }

  /// The system's clocks.
  public static let system = EventClock(
    now: { Timestamp(milliseconds: Int(linux_nanoseconds(CLOCK_REALTIME) / 1_000_000)) },
    monotonicMs: { Int(linux_nanoseconds(CLOCK_MONOTONIC) / 1_000_000) })
}
