extension TOMLParser {
  /// Any value.
  mutating func value() throws(TOMLProblem) -> TOMLValue {
    skipSpaces()
    switch peek {
    case UInt8(ascii: "\""), UInt8(ascii: "'"): return .string(try string())
    case UInt8(ascii: "["): return .array(try list())
    case UInt8(ascii: "{"): return .table(try inlineTable())
    default: return try word()
    }
  }

  /// Steps over what opens a list or an inline table. Nesting is limited because each level takes
  /// stack.
  private mutating func begin() throws(TOMLProblem) {
    guard open.count < TOMLParser.maximumDepth else {
      throw problem("values lie too deep in one another; write them flatter")
    }
    open.append(bytes[position])
    position += 1
  }

  private mutating func list() throws(TOMLProblem) -> [TOMLValue] {
    try begin()
    var values: [TOMLValue] = []
    while skipBlankLines(), peek != UInt8(ascii: "]") {
      values.append(try value())
      guard skipBlankLines() else { break }
      if !take(",") { break }
    }
    guard take("]") else { throw problem("a list is not closed by `]`") }
    open.removeLast()
    return values
  }

  private mutating func inlineTable() throws(TOMLProblem) -> TOMLTable {
    try begin()
    var table = TOMLTable(isDefined: true)
    skipSpaces()
    if peek != UInt8(ascii: "}") {
      repeat {
        let (keys, value) = try assignment()
        try table.set(keys, value, line: line)
        skipSpaces()
      } while take(",")
    }
    guard take("}") else { throw problem("a table in braces is not closed by `}`") }
    open.removeLast()
    return table
  }

  /// A number, true or false.
  private mutating func word() throws(TOMLProblem) -> TOMLValue {
    let start = position
    while let byte = peek, !" \t\r\n#,]}".utf8.contains(byte) { position += 1 }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    switch text {
    case "true": return .boolean(true)
    case "false": return .boolean(false)
    case "": throw problem("a value is missing")
    default: return try number(text)
    }
  }

  private func number(_ text: String) throws(TOMLProblem) -> TOMLValue {
    let digits = TOMLParser.withoutSeparators(text)
    if let integer = TOMLParser.integer(digits) { return .integer(integer) }
    if TOMLParser.isFraction(digits), let fraction = Double(digits), fraction.isFinite {
      return .fraction(fraction)
    }
    let magnitude = digits.drop { $0 == "+" || $0 == "-" }
    if ["0x", "0o", "0b"].contains(where: magnitude.lowercased().hasPrefix) {
      throw problem(
        "`\(text)` is no number here; write only digits behind 0x, 0o or 0b, nothing before it, and"
          + " no more than 0x7FFFFFFFFFFFFFFF")
    }
    if text.utf8.count >= 8, text.utf8.first.map({ (0x30...0x39).contains($0) }) == true,
      text.contains(where: { ":T-".contains($0) })
    {
      throw problem("`\(text)` looks like a date or time; none is used here")
    }
    if magnitude.first.map({ "0123456789.".contains($0) }) == true, let value = Double(digits) {
      guard value.magnitude < 0x1p63 else {
        throw problem("`\(text)` is too large for a number")
      }
      throw problem(
        "`\(text)` is no number here; write no zero in front, and digits on both sides of a point")
    }
    throw problem("`\(text)` is no value; put quotes around a text")
  }

  /// `text` less the underscores that stand between two digits.
  private static func withoutSeparators(_ text: String) -> String {
    let bytes = Array(text.utf8)
    let isDigit =
      text.hasPrefix("0x") ? isHexDigit : { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    let kept = bytes.indices.filter { index in
      let isBetween =
        index > 0 && index < bytes.count - 1
        && isDigit(bytes[index - 1]) && isDigit(bytes[index + 1])
      return bytes[index] != UInt8(ascii: "_") || !isBetween
    }
    return String(decoding: kept.map { bytes[$0] }, as: UTF8.self)
  }

  private static func isHexDigit(_ byte: UInt8) -> Bool {
    Character(Unicode.Scalar(byte)).isHexDigit
  }

  private static func integer(_ digits: String) -> Int? {
    for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] where digits.hasPrefix(prefix) {
      return isHexDigit(digits.utf8.dropFirst(2).first ?? 0)
        ? Int(digits.dropFirst(2), radix: radix) : nil
    }
    let magnitude = digits.drop { $0 == "+" || $0 == "-" }
    guard magnitude == "0" || !magnitude.hasPrefix("0") else { return nil }
    return Int(digits)
  }

  /// Whether it is digits without a leading zero, with a point between digits, an exponent, or
  /// both.
  private static func isFraction(_ text: String) -> Bool {
    let parts = unsigned(text[...]).split(maxSplits: 1, omittingEmptySubsequences: false) {
      $0 == "e" || $0 == "E"
    }
    let mantissa = parts[0].split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard (mantissa + parts.dropFirst().map(unsigned)).allSatisfy(isDigits) else { return false }
    return mantissa.count + parts.count > 2 && (mantissa[0] == "0" || !mantissa[0].hasPrefix("0"))
  }

  private static func unsigned(_ text: Substring) -> Substring {
    text.hasPrefix("+") || text.hasPrefix("-") ? text.dropFirst() : text
  }

  private static func isDigits(_ text: Substring) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
  }

  /// A text in either kind of quotes.
  mutating func string() throws(TOMLProblem) -> String {
    let quote = bytes[position]
    position += 1
    if beginsWithTwo(of: quote, at: position) {
      let line = position..<(bytes[position...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count)
      let ends = line.dropFirst(2).contains {
        bytes[$0] == quote && beginsWithTwo(of: quote, at: $0 + 1)
      }
      if !ends { open.append(quote) }
      throw problem(
        "texts over several lines are not used here; write it in one line, with one quote on each side"
      )
    }
    var text: [UInt8] = []
    while let byte = peek, byte != quote {
      guard byte >= 0x20 && byte != 0x7f || byte == 0x09 else {
        throw problem("a text is not closed by \(quote == UInt8(ascii: "'") ? "'" : "\"")")
      }
      position += 1
      if byte == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") {
        text += try escape()
      } else {
        text.append(byte)
      }
    }
    guard peek == quote else {
      throw problem("a text is not closed by \(quote == UInt8(ascii: "'") ? "'" : "\"")")
    }
    position += 1
    return String(decoding: text, as: UTF8.self)
  }

  private func beginsWithTwo(of quote: UInt8, at index: Int) -> Bool {
    bytes.count > index + 1 && bytes[index] == quote && bytes[index + 1] == quote
  }

  private mutating func escape() throws(TOMLProblem) -> [UInt8] {
    guard let byte = peek else { throw problem("a text is not closed by \"") }
    position += 1
    switch byte {
    case UInt8(ascii: "b"): return [0x08]
    case UInt8(ascii: "t"): return [0x09]
    case UInt8(ascii: "n"): return [0x0a]
    case UInt8(ascii: "f"): return [0x0c]
    case UInt8(ascii: "r"): return [0x0d]
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): return [byte]
    case UInt8(ascii: "u"): return try scalar(digits: 4)
    case UInt8(ascii: "U"): return try scalar(digits: 8)
    default:
      throw problem("a backslash stands before what it cannot; write two, or single quotes")
    }
  }

  private mutating func scalar(digits: Int) throws(TOMLProblem) -> [UInt8] {
    let end = min(bytes.count, position + digits)
    let text = String(decoding: bytes[position..<end], as: UTF8.self)
    guard text.utf8.count == digits, text.allSatisfy(\.isHexDigit),
      let scalar = UInt32(text, radix: 16).flatMap(Unicode.Scalar.init)
    else { throw problem("`\(text)` is no character's number") }
    position = end
    return Array(String(Character(scalar)).utf8)
  }
}
