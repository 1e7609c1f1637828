/// Lets each fault into the log at most once a minute: a loose plug must not fill an SD card.
public struct FaultLimiter {
  /// How far apart two lines about the same fault are, in milliseconds.
  public static let intervalMs = 60_000
  private var entries: [String: (lastMs: Int, suppressed: Int)] = [:]

  /// A limiter that has seen no fault.
  public init() {}

  /// Whether the fault called `key` may be logged at `nowMs`; if so, how often it was held back
  /// since it last was.
  public mutating func admit(_ key: String, nowMs: Int) -> Int? {
    guard let entry = entries[key], nowMs - entry.lastMs < Self.intervalMs else {
      let suppressed = entries[key]?.suppressed ?? 0
      entries[key] = (nowMs, 0)
      return suppressed
    }
    entries[key] = (entry.lastMs, entry.suppressed + 1)
    return nil
  }

  /// Whether the fault called `key`, which was held back and still holds, may be logged at `nowMs`; if
  /// so, how often it was held back besides.
  public mutating func admitHeldBack(_ key: String, nowMs: Int) -> Int? {
    guard let entry = entries[key], entry.suppressed > 0, nowMs - entry.lastMs >= Self.intervalMs
    else { return nil }
    entries[key] = (nowMs, 0)
    return entry.suppressed - 1
  }
}
