import Glibc
import Text

/// One decimal place.
func decibels(_ value: Double) -> String { decimal(value, places: 1) }

/// About four significant digits.
func significant(_ value: Float) -> String {
  guard value > 0, value.isFinite else { return "\(value)" }
  return decimal(
    Double(value), places: max(0, 3 - Int(log10(Double(value)).rounded(.down))))
}

/// A whole number with thin spaces between thousands.
func thousands(_ value: Int) -> String {
  var groups: [Substring] = []
  var rest = Substring(String(value.magnitude))
  while !rest.isEmpty {
    groups.insert(rest.suffix(3), at: 0)
    rest = rest.dropLast(3)
  }
  return (value < 0 ? "-" : "") + groups.joined(separator: "\u{202f}")
}
