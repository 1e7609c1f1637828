/// Adds up sound that was lost, to be told at most once a second: a card that overruns fifty times
/// a second must not push everything else out of what is held for clients. No time is lost by it:
/// whole milliseconds are told, the rest is kept.
struct LossTally {
  /// How far apart two sums are told, in milliseconds.
  static let intervalMs = 1000
  private var nanoseconds: Int64 = 0
  private var hasLoss = false
  private var lastMs: Int?

  /// Adds a loss.
  mutating func add(nanoseconds more: Int64) {
    nanoseconds += more
    hasLoss = true
  }

  /// What is to be told at `nowMs`, in milliseconds; nil for nothing, or not yet. `isLast`:
  /// whatever there is, now.
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
