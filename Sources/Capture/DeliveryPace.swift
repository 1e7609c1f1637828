/// Notices sound that a running device did not deliver and did not report as lost: its samples are
/// fewer than the clock says.
///
/// A USB bridge that hangs for a second goes on as if nothing had been, and the stream's time would
/// be short by that second. What says so is the time by which samples lag behind the clock. It
/// jitters with every read and drifts with the card's crystal, so what counts is its least value in
/// each second of sound, and that is held against a mark that follows it down at once and up as
/// slowly as a crystal drifts. What is above the mark adds up, in however many small pieces it is
/// missing, and is told when no jitter can be so much.
struct DeliveryPace {
  /// How much sound is looked at together, in nanoseconds.
  static let window: Int64 = 1_000_000_000
  /// The least that is taken for a loss, in one piece or in many.
  static let leastLoss: Int64 = 250_000_000
  /// A crystal loses at most one part in so many; as much may be missing for ever, untold.
  static let drift: Int64 = 1000

  /// When the newest sample would have been captured if none were missing since the start.
  private var expected: Int64 = 0
  /// The least lag of this window.
  private var least = Int64.max
  private var heard: Int64 = 0
  /// The least lag when it last was no more than a crystal explains; nil in the first window.
  private var known: Int64?
  /// What a crystal may have made of it since.
  private var mark: Int64 = 0

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
    let missing = judge()
    expected &+= missing
    least = .max
    heard = 0
    return missing
  }

  /// What this window's least lag says is missing.
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
    // The mark rose meanwhile because of what was missing, and no crystal.
    mark = known
    return least &- known
  }
}
