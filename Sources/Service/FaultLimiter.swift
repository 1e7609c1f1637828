/// Lets each fault into the log at most once a minute: a loose plug must not fill an SD card.
public struct FaultLimiter {
  /// How far apart two lines about the same fault are, in milliseconds.
  static let intervalMs = 60_000
  private var entries: [String: (lastMs: Int, suppressed: Int)] = [:]

  /// A limiter that has seen no fault.
  public init() {}

  /// How often the fault called `key` was held back since it was last logged, if it may be logged
  /// at `nowMs`; else nil.
  public mutating func admit(_ key: String, nowMs: Int) -> Int? {
    guard let entry = entries[key], nowMs - entry.lastMs < Self.intervalMs else {
      let suppressed = entries[key]?.suppressed ?? 0
      entries[key] = (nowMs, 0)
      return suppressed
    }
    entries[key] = (entry.lastMs, entry.suppressed + 1)
    return nil
  }

  /// The same for a fault that was held back and still holds: how often it was held back besides,
  /// or nil where it was not held back or may not be logged yet.
  public mutating func admitHeldBack(_ key: String, nowMs: Int) -> Int? {
    guard let entry = entries[key], entry.suppressed > 0, nowMs - entry.lastMs >= Self.intervalMs
    else { return nil }
    entries[key] = (nowMs, 0)
    return entry.suppressed - 1
  }
}
