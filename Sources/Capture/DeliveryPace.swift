/// Detects sound that a running device neither delivered nor reported as lost: it gave fewer
/// samples than the clock calls for.
///
/// A USB bridge that hangs for a second goes on as if nothing had happened, and stream time would
/// be short by that second. The symptom is how far samples lag behind the clock. The lag jitters
/// with every read and drifts with the card's crystal. So its minimum over each second of sound is
/// compared with a mark, which follows the minimum down at once, and up only as fast as a crystal
/// drifts. What exceeds the mark adds up, in however many small pieces it is missing, and is
/// reported once jitter cannot explain it.
struct DeliveryPace {
  /// How much sound each minimum is taken over, in nanoseconds.
  static let window: Int64 = 1_000_000_000
  /// The least that is taken for a loss, in one piece or in many, in nanoseconds.
  static let leastLoss: Int64 = 250_000_000
  /// A crystal loses at most one part in this many; a loss at that rate is never reported.
  static let drift: Int64 = 1000

  /// When the newest sample would have been captured if none were missing since the start.
  private var expected: Int64 = 0
  /// The minimum lag in this window.
  private var least = Int64.max
  private var heard: Int64 = 0
  /// The minimum lag when a crystal last explained it; nil in the first window.
  private var known: Int64?
  /// `known` plus what crystal drift may have added since.
  private var mark: Int64 = 0

  /// The device starts, or starts again, at `now`.
  mutating func restart(at now: Int64) {
    self = DeliveryPace()
    expected = now
  }

  /// Records `duration` of sound whose last sample was captured at `time`; returns how much is
  /// missing before it. All are in nanoseconds.
  mutating func hear(_ duration: Int64, until time: Int64) -> Int64 {
    expected &+= duration
    heard &+= duration
    least = min(least, time &- expected)
    guard heard >= Self.window else { return 0 }
    let missing = judge()
    expected &+= missing
    least = .max
    heard = 0
    return missing
  }

  /// How much is missing according to this window's minimum lag.
  private mutating func judge() -> Int64 {
    let drifted = heard / Self.drift
    guard let known, least > mark &+ drifted else {
      (known, mark) = (least, least)
      return 0
    }
    guard least &- mark >= Self.leastLoss else {
      mark &+= drifted
      return 0
    }
    // The mark rose because of what was missing, not because of a crystal.
    mark = known
    return least &- known
  }
}
