/// A number rounded to `places` decimals, without Foundation, which has this; one that is not
/// finite or too large for that as Swift writes it.
public func decimal(_ value: Double, places: Int) -> String {
  guard value.isFinite else { return "\(value)" }
  var unit = 1.0
  for _ in 0..<places { unit *= 10 }
  let scaled = (abs(value) * unit).rounded()
  guard scaled < 0x1p62 else { return "\(value)" }
  let digits = String(Int(scaled))
  let padded = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
  let sign = value < 0 && scaled > 0 ? "-" : ""
  return places == 0 ? sign + padded : "\(sign)\(padded.dropLast(places)).\(padded.suffix(places))"
}

/// Two numbers with at least `places` decimals, and with as many more as it takes to tell them
/// apart, up to nine.
public func decimals(_ first: Double, _ second: Double, places: Int) -> (String, String) {
  let texts = (decimal(first, places: places), decimal(second, places: places))
  guard texts.0 == texts.1, first != second, places < 9 else { return texts }
  return decimals(first, second, places: places + 1)
}
