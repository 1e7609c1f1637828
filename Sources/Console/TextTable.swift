import Text

/// Columns as wide as their widest cell, two spaces apart, numbers right-aligned. Cells may hold
/// text from a file or a device, so they are made printable.
public struct TextTable {
  /// Columns whose cells begin at the left.
  private let leftAligned: Set<Int>

  /// A table of columns that are numbers, but for those that are `leftAligned`.
  public init(leftAligned: Set<Int>) {
    self.leftAligned = leftAligned
  }

  /// Rows, the first of which is the header, as lines.
  public func text(_ rows: [[String]]) -> String {
    let rows = rows.map { $0.map(\.printable) }
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      let cells = row.indices.map { column in
        let padding = String(repeating: " ", count: widths[column] - row[column].count)
        return leftAligned.contains(column) ? row[column] + padding : padding + row[column]
      }
      var line = cells.joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      return line + "\n"
    }.joined()
  }

  /// Names and their values, a line each.
  public static func aligned(_ facts: [(String, String)]) -> String {
    let facts = facts.map { ($0.printable, $1.printable) }
    let width = facts.map(\.0.count).max() ?? 0
    return facts.map { name, value in
      name + String(repeating: " ", count: width - name.count) + "  \(value)\n"
    }.joined()
  }
}
