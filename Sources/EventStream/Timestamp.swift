/// A moment of the wall clock, in whole milliseconds since 1970-01-01T00:00:00Z, leap seconds not
/// counted.
public struct Timestamp: Hashable, Sendable, CustomStringConvertible {
  /// Milliseconds since the epoch.
  public var milliseconds: Int

  /// The moment `milliseconds` after the epoch.
  public init(milliseconds: Int) {
    self.milliseconds = milliseconds
  }

  /// RFC 3339 in UTC with milliseconds: `2026-11-21T02:45:29.007Z`. Years are clamped to 0000–9999,
  /// as the format has four digits.
  ///
  /// Days are turned into a date in the proleptic Gregorian calendar with years that begin in
  /// March, so that the leap day is the last (Hinnant, “chrono-compatible low-level date
  /// algorithms”, `civil_from_days`).
  public var description: String {
    let (first, last) = (-62_167_219_200_000, 253_402_300_799_999)
    let clamped = min(max(milliseconds, first), last)
    let millisecondOfDay = clamped - Timestamp.floor(clamped, by: 86_400_000) * 86_400_000
    let days = Timestamp.floor(clamped, by: 86_400_000) + 719_468
    let era = Timestamp.floor(days, by: 146_097)
    let dayOfEra = days - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let marchMonth = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
    let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
    let year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0)
    let seconds = millisecondOfDay / 1_000
    let date = "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
    let time =
      "\(padded(seconds / 3_600, 2)):\(padded(seconds / 60 % 60, 2)):\(padded(seconds % 60, 2))"
    return "\(date)T\(time).\(padded(millisecondOfDay % 1_000, 3))Z"
  }

  private func padded(_ value: Int, _ digits: Int) -> String {
    let text = String(value)
    return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
  }

  private static func floor(_ value: Int, by divisor: Int) -> Int {
    value >= 0 ? value / divisor : -((-value + divisor - 1) / divisor)
  }
}
