/// Where reading resumes after a line that is not TOML.
extension TOMLParser {
  /// Skips the statement that begins here; `open` holds what it left unclosed.
  ///
  /// With nothing unclosed, that is the line. Otherwise where the value ends is guessed from how
  /// lines look: a table header ends any value, a key only a list, because braces and multi-line
  /// strings may contain keys.
  mutating func skipStatement() {
    skipToLineEnd()
    let isList = open.allSatisfy { $0 == UInt8(ascii: "[") }
    while !open.isEmpty, skipBlankLines(), !beginsTable, !(isList && beginsKey) { skipToLineEnd() }
    open = []
  }

  /// Whether the line is a table header whose first part is not quoted: a quoted text in brackets
  /// may be part of a list.
  private var beginsTable: Bool {
    guard peek == UInt8(ascii: "[") else { return false }
    var attempt = self
    attempt.position += 1
    attempt.skipSpaces()
    guard let first = attempt.peek, TOMLParser.isBareKey(first) else { return false }
    attempt.position = position
    do throws(TOMLProblem) {
      _ = try attempt.header()
      try attempt.endOfLine()
      return true
    } catch { return false }
  }

  /// Whether the line begins with an unquoted key and `=`.
  private var beginsKey: Bool {
    let line = bytes[position...].prefix { $0 != UInt8(ascii: "\n") }
    let rest = line.drop { TOMLParser.isBareKey($0) || $0 == UInt8(ascii: ".") }
    let next = rest.first { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }
    return rest.startIndex > position && next == UInt8(ascii: "=")
  }
}
