extension JSONParser {
  /// A number of RFC 8259's grammar. Whole ones that fit stay integers; `-0` does not, as no
  /// integer can represent it.
  mutating func number() throws(JSONProblem) -> JSONValue {
    let start = position
    var isWhole = true
    if peek() == UInt8(ascii: "-") { position += 1 }
    if peek() == UInt8(ascii: "0") {
      position += 1
      if isDigit(peek()) { throw JSONProblem(.invalidNumber, at: start) }
    } else {
      try digits(of: start)
    }
    if peek() == UInt8(ascii: ".") {
      isWhole = false
      position += 1
      try digits(of: start)
    }
    if peek() == UInt8(ascii: "e") || peek() == UInt8(ascii: "E") {
      isWhole = false
      position += 1
      if peek() == UInt8(ascii: "+") || peek() == UInt8(ascii: "-") { position += 1 }
      try digits(of: start)
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if isWhole, text != "-0", let value = Int(text) { return .integer(value) }
    guard let value = Double(text), value.isFinite else {
      throw JSONProblem(.numberTooLarge, at: start)
    }
    return .number(value)
  }

  private mutating func digits(of start: Int) throws(JSONProblem) {
    guard let first = peek() else { throw JSONProblem(.unexpectedEnd, at: bytes.count) }
    guard isDigit(first) else { throw JSONProblem(.invalidNumber, at: start) }
    while isDigit(peek()) { position += 1 }
  }

  private func peek() -> UInt8? { position < bytes.count ? bytes[position] : nil }

  private func isDigit(_ byte: UInt8?) -> Bool {
    byte.map { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ?? false
  }
}
