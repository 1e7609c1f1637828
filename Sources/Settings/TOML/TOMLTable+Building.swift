extension TOMLTable {
  /// Sets the value at `path`, making the tables on the way; a key that is set already is refused.
  mutating func set(_ path: [String], _ value: TOMLValue, line: Int) throws(TOMLProblem) {
    try change(path[...], line: line) { (table, key) throws(TOMLProblem) in
      if let earlier = table.entries[key] {
        throw TOMLProblem(
          line: line,
          message: "`\(path.joined(separator: "."))` is set twice, first on line \(earlier.line)")
      }
      table.entries[key] = Entry(value: value, line: line)
    }
  }

  /// Begins the table at `path`, as a header does; a table that a header has begun already is
  /// refused.
  mutating func define(_ path: ArraySlice<String>, line: Int) throws(TOMLProblem) {
    try change(path, line: line) { (table, key) throws(TOMLProblem) in
      var inner = TOMLTable()
      if let earlier = table.entries[key] {
        guard case .table(let open) = earlier.value, !open.isDefined else {
          throw TOMLProblem(
            line: line,
            message: "`\(path.joined(separator: "."))` is set twice, first on line \(earlier.line)")
        }
        inner = open
      }
      inner.isDefined = true
      table.entries[key] = Entry(value: .table(inner), line: line)
    }
  }

  /// Calls `body` with the table that holds the last key of `path`, and that key.
  private mutating func change(
    _ path: ArraySlice<String>, line: Int,
    _ body: (inout TOMLTable, String) throws(TOMLProblem) -> Void
  ) throws(TOMLProblem) {
    guard let key = path.first else { return }
    guard path.count > 1 else { return try body(&self, key) }
    var entry = entries[key] ?? Entry(value: .table(TOMLTable()), line: line)
    guard case .table(var inner) = entry.value else {
      throw TOMLProblem(
        line: line,
        message: "`\(key)` is no table but \(entry.value.inWords), set on line \(entry.line)")
    }
    // Giving up the parent's reference lets the table be changed in place: a copy for every key
    // would take minutes for the largest file allowed.
    entry.value = .boolean(false)
    entries[key] = nil
    defer {
      entry.value = .table(inner)
      entries[key] = entry
    }
    try inner.change(path.dropFirst(), line: line, body)
  }
}
