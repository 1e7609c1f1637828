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

  private var beginsTable: Bool {
    guard peek == UInt8(ascii: "[") else { return false }
    let rest = behindName(position + 1)
    return rest.first == UInt8(ascii: "]") && !rest.contains(UInt8(ascii: ","))
  }

  private var beginsKey: Bool { behindName(position).first == UInt8(ascii: "=") }

  /// The line behind a name without quotes that begins at `start`; nothing where none does.
  private func behindName(_ start: Int) -> ArraySlice<UInt8> {
    let line = bytes[start...].prefix { $0 != UInt8(ascii: "\n") }
    let rest = line.drop { TOMLParser.isBareKey($0) || $0 == UInt8(ascii: ".") }
    guard rest.startIndex > start else { return [] }
    return rest.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
  }
}
