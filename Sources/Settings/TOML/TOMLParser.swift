/// Reads a TOML document and remembers the line of every key.
///
/// All of TOML 1.0 that configuration needs: tables, dotted and quoted keys, strings, numbers, true
/// and false, arrays, inline tables. Dates, multi-line strings and arrays of tables are refused by
/// name. (TOMLKit reads them all, but brings Foundation and the C++ library: 39 MB more program and
/// 9 MB more resident memory, and it does not report lines.)
///
/// Source: https://toml.io/en/v1.0.0
struct TOMLParser {
  let bytes: [UInt8]
  var position = 0
  var line = 1
  /// What opened each value that is not closed yet: `[`, `{`, or the quote of a multi-line string.
  var open: [UInt8] = []

  /// How deeply values may nest, and how many parts a key may have: nothing that is used here needs
  /// more than three.
  static let maximumDepth = 64

  private init(_ text: String) { bytes = Array(text.utf8) }

  /// The table that `text` describes. A line that is not TOML is passed to `report` and left out;
  /// keys after an unreadable table header belong to no table and are left out too.
  static func parse(_ text: String, _ report: (TOMLProblem) -> Void) -> TOMLTable {
    var parser = TOMLParser(text)
    var root = TOMLTable()
    var current: [String]? = []
    while parser.skipBlankLines() {
      let (start, line) = (parser.position, parser.line)
      do throws(TOMLProblem) {
        try parser.statement(into: &root, &current)
      } catch {
        report(error)
        (parser.position, parser.line) = (start, line)
        parser.skipStatement()
      }
    }
    return root
  }

  /// One statement: a table header, which makes that table `current`, or a key of the current one.
  private mutating func statement(
    into root: inout TOMLTable, _ current: inout [String]?
  ) throws(TOMLProblem) {
    let start = line
    if peek == UInt8(ascii: "[") {
      current = nil
      let path = try header()
      try endOfLine()
      try root.define(path[...], line: start)
      current = path
    } else {
      let (keys, value) = try assignment()
      try endOfLine()
      if let current { try root.set(current + keys, value, line: start) }
    }
  }

  mutating func header() throws(TOMLProblem) -> [String] {
    position += 1
    guard peek != UInt8(ascii: "[") else {
      throw problem("lists of tables are not used here; name each table, such as [stream.main]")
    }
    let path = try keyPath()
    try expect("]", after: "the name of a table")
    return path
  }

  /// `key = value`, the key perhaps dotted.
  mutating func assignment() throws(TOMLProblem) -> ([String], TOMLValue) {
    let keys = try keyPath()
    try expect("=", after: "the key `\(keys.joined(separator: "."))`")
    return (keys, try value())
  }

  private mutating func keyPath() throws(TOMLProblem) -> [String] {
    var path: [String] = []
    repeat {
      guard path.count < TOMLParser.maximumDepth else {
        throw problem("a key has too many parts; write a shorter one")
      }
      skipSpaces()
      path.append(try key())
      skipSpaces()
    } while take(".")
    return path
  }

  private mutating func key() throws(TOMLProblem) -> String {
    if peek == UInt8(ascii: "\"") || peek == UInt8(ascii: "'") { return try string() }
    let start = position
    while let byte = peek, TOMLParser.isBareKey(byte) { position += 1 }
    guard position > start else { throw problem("a key is missing") }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  static func isBareKey(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, UInt8(ascii: "_"), UInt8(ascii: "-"): true
    default: false
    }
  }
}

extension TOMLParser {
  /// The next byte, or nil at the end.
  var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

  func problem(_ message: String) -> TOMLProblem { TOMLProblem(line: line, message: message) }

  mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard peek == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  mutating func expect(_ character: Unicode.Scalar, after what: String) throws(TOMLProblem) {
    skipSpaces()
    guard take(character) else { throw problem("a `\(character)` is missing after \(what)") }
  }

  mutating func skipSpaces() {
    while peek == UInt8(ascii: " ") || peek == UInt8(ascii: "\t") { position += 1 }
  }

  /// Skips white space, line ends and comments; false at the end of the text.
  mutating func skipBlankLines() -> Bool {
    while let byte = peek {
      switch byte {
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): position += 1
      case UInt8(ascii: "\n"):
        position += 1
        line += 1
      case UInt8(ascii: "#"): skipToLineEnd()
      default: return true
      }
    }
    return false
  }

  mutating func skipToLineEnd() {
    while let byte = peek, byte != UInt8(ascii: "\n") { position += 1 }
  }

  mutating func endOfLine() throws(TOMLProblem) {
    skipSpaces()
    if peek == UInt8(ascii: "#") { skipToLineEnd() }
    _ = take("\r")
    guard peek == nil || peek == UInt8(ascii: "\n") else {
      throw problem("there is something after the value; write one key a line")
    }
  }
}
