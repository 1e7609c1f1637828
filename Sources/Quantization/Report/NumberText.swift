import Glibc

/// `value` with `places` decimal places.
func fixed(_ value: Double, _ places: Int) -> String {
  guard value.isFinite else { return "\(value)" }
  let power = pow(10, Double(places))
  let scaled = (abs(value) * power).rounded()
  guard scaled < 0x1p62 else { return "\(value)" }
  let digits = String(Int(scaled))
  let padded = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
  let sign = value < 0 && scaled > 0 ? "-" : ""
  return places == 0 ? sign + padded : "\(sign)\(padded.dropLast(places)).\(padded.suffix(places))"
}

/// One decimal place.
func decibels(_ value: Double) -> String { fixed(value, 1) }

/// About four significant digits.
func significant(_ value: Float) -> String {
  guard value > 0, value.isFinite else { return "\(value)" }
  return fixed(Double(value), max(0, 3 - Int(log10(Double(value)).rounded(.down))))
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
