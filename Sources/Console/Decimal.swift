/// Formats a number that is not negative with `places` decimals, without Foundation.
public func decimal(_ value: Double, places: Int) -> String {
  var unit = 1
  for _ in 0..<places { unit *= 10 }
  let scaled = Int((value * Double(unit)).rounded())
  guard places > 0 else { return "\(scaled)" }
  let fraction = String(scaled % unit)
  return "\(scaled / unit)." + String(repeating: "0", count: places - fraction.count) + fraction
}
