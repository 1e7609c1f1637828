/// Sums sound that was lost, to be published at most once a second: a card that overruns fifty
/// times a second must not push everything else out of what is held for clients. No time is
/// dropped: whole milliseconds are published, the rest is carried over.
struct LossTally {
  /// The least time between two published sums, in milliseconds.
  static let intervalMs = 1000
  private var nanoseconds: Int64 = 0
  private var hasLoss = false
  private var lastMs: Int?

  /// Adds a loss.
  mutating func add(nanoseconds more: Int64) {
    nanoseconds += more
    hasLoss = true
  }

  /// The loss to publish at `nowMs`, in milliseconds; nil for none, or not yet. With `isLast`,
  /// whatever there is.
  mutating func take(nowMs: Int, isLast: Bool = false) -> Int? {
    guard hasLoss, isLast || lastMs.map({ nowMs - $0 >= Self.intervalMs }) ?? true else {
      return nil
    }
    defer {
      nanoseconds %= 1_000_000
      hasLoss = false
      lastMs = nowMs
    }
    return Int(nanoseconds / 1_000_000)
  }
}
