/// On which line of a TOML text each key is set.
///
/// toml++ knows, its Swift wrapper does not tell. This looks only at line starts, which is enough for configuration as people
/// write it: a key inside an inline table or a multi-line string is not found, and then no line is named.
struct KeyLines {
  private var lines: [String: Int] = [:]

  init(_ text: String) {
    var table = ""
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      let trimmed = line.drop { $0 == " " || $0 == "\t" }
      if trimmed.first == "[" {
        let name = trimmed.drop { $0 == "[" }.prefix { $0 != "]" }
        table = Self.plain(name)
        note(table, index + 1)
      } else if let equals = trimmed.firstIndex(of: "="), trimmed.first != "#" {
        let key = Self.plain(trimmed[..<equals])
        note(table.isEmpty ? key : "\(table).\(key)", index + 1)
      }
    }
  }

  /// The line that sets `path`, such as `stream.main.device`.
  subscript(path: String) -> Int? { lines[path] }

  private mutating func note(_ path: String, _ line: Int) {
    if lines[path] == nil { lines[path] = line }
  }

  private static func plain(_ name: Substring) -> String {
    String(name.filter { !" \t\"'\r".contains($0) })
  }
}
