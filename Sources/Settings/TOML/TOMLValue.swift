/// A value of a configuration file.
enum TOMLValue: Equatable, Sendable {
  case string(String)
  case integer(Int)
  case fraction(Double)
  case boolean(Bool)
  case array([TOMLValue])
  case table(TOMLTable)

  /// What it is, for messages.
  var inWords: String {
    switch self {
    case .string: "a text"
    case .integer: "a whole number"
    case .fraction: "a fraction"
    case .boolean: "true or false"
    case .array: "a list"
    case .table: "a table"
    }
  }
}

/// A table of a configuration file: its keys, each with the line that sets it.
struct TOMLTable: Equatable, Sendable {
  /// One key and its value.
  struct Entry: Equatable, Sendable {
    var value: TOMLValue
    /// Counted from 1.
    var line: Int
  }

  /// The entries by key.
  var entries: [String: Entry] = [:]
  /// Whether a header or an inline table has set it as a whole, so that no header may set it again.
  var isDefined = false
}

/// Why a text is not TOML, or not the part of it that is read here.
struct TOMLProblem: Error, Equatable, Sendable {
  /// Counted from 1.
  var line: Int
  /// What is wrong there.
  var message: String
}
