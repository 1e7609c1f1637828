/// Notices sound that a running device did not deliver and did not report as lost: its samples are
/// fewer than the clock says.
///
/// A USB bridge that hangs for a second goes on as if nothing had been, and the stream's time would
/// be short by that second. What says so is the time by which samples lag behind the clock. It
/// jitters with every read and drifts with the card's crystal, so what counts is its least value in
/// each second of sound: when that leaps from one second to the next, as much is missing.
struct DeliveryPace {
  /// How much sound is looked at together, in nanoseconds.
  static let window: Int64 = 1_000_000_000
  /// The least leap that is taken for a loss. No crystal drifts so far in a second.
  static let leastLeap: Int64 = 250_000_000

  /// When the newest sample would have been captured if none were missing since the start.
  private var expected: Int64 = 0
  /// The least lag of this window, and of the one before.
  private var least = Int64.max
  private var leastBefore: Int64?
  private var heard: Int64 = 0

  /// The device starts, or starts again, at `now`.
  mutating func restart(at now: Int64) {
    self = DeliveryPace()
    expected = now
  }

  /// Takes in that `duration` of sound came, the last of it captured at `time`; how much is missing
  /// from before it, all in nanoseconds.
  mutating func hear(_ duration: Int64, until time: Int64) -> Int64 {
    expected &+= duration
    heard &+= duration
    least = min(least, time &- expected)
    guard heard >= Self.window else { return 0 }
    let leap = leastBefore.map { least &- $0 } ?? 0
    let missing = leap >= Self.leastLeap ? leap : 0
    expected &+= missing
    leastBefore = least &- missing
    least = .max
    heard = 0
    return missing
  }
}
