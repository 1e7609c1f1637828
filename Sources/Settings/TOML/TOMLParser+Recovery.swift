/// Where reading goes on behind a line that is no TOML.
extension TOMLParser {
  /// Skips the statement that begins here, and of which `open` is not at its end.
  ///
  /// Where nothing is, that is the line. Parts of a value that was left open are told from what comes
  /// behind it by how lines look, which is a guess: a table's name comes behind any value, a key behind
  /// a list, for in braces and texts there may be keys.
  mutating func skipStatement() {
    skipToLineEnd()
    let isList = open.allSatisfy { $0 == UInt8(ascii: "[") }
    while !open.isEmpty, skipBlankLines(), !beginsTable, !(isList && beginsKey) { skipToLineEnd() }
    open = []
  }

  /// Whether the line is the name of a table, the first part of which has no quotes: a text in brackets
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

  /// Whether the line begins with a key without quotes and what stands behind one.
  private var beginsKey: Bool {
    let line = bytes[position...].prefix { $0 != UInt8(ascii: "\n") }
    let rest = line.drop { TOMLParser.isBareKey($0) || $0 == UInt8(ascii: ".") }
    let next = rest.first { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }
    return rest.startIndex > position && next == UInt8(ascii: "=")
  }
}
