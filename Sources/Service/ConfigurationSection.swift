import TOMLKit

/// One table of a configuration file, read strictly: every key must be asked for, every value must have its type.
struct ConfigurationSection {
  private let table: TOMLTable
  private let path: String
  let file: String
  private let lines: KeyLines

  init(_ table: TOMLTable, path: String = "", file: String, lines: KeyLines) {
    self.table = table
    self.path = path
    self.file = file
    self.lines = lines
  }

  /// Where `key` of this table is set.
  func place(of key: String) -> Configuration.Place {
    Configuration.Place(file: file, line: lines[full(key)])
  }

  /// The path of `key` from the top of the file.
  func full(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

  /// The keys that are set, sorted.
  var keys: [String] { table.keys.sorted() }

  /// Refuses any key that is not in `known`.
  func allow(_ known: [String]) throws(ConfigurationProblem) {
    for key in keys where !known.contains(key) {
      let place = path.isEmpty ? "" : " in [\(path)]"
      throw problem(
        .unknownKey, key,
        "unknown key `\(key)`\(place); known here: \(known.sorted().joined(separator: ", "))")
    }
  }

  /// A text, if `key` is set.
  func string(_ key: String) throws(ConfigurationProblem) -> String? {
    try value(key, wanted: "a text in quotes", type: .string) { $0.string }
  }

  /// A text that is one of `choices`, if `key` is set.
  func choice(_ key: String, of choices: [String]) throws(ConfigurationProblem) -> String? {
    guard let text = try string(key) else { return nil }
    guard choices.contains(text) else {
      throw problem(
        .badValue, key,
        "`\(full(key))` is \"\(text)\"; it must be one of \(choices.joined(separator: ", "))")
    }
    return text
  }

  /// A whole number within `range`, if `key` is set.
  func integer(
    _ key: String, in range: ClosedRange<Int>
  ) throws(ConfigurationProblem) -> Int? {
    guard let number = try value(key, wanted: "a whole number", type: .int, { $0.int }) else {
      return nil
    }
    guard range.contains(number) else {
      throw problem(
        .badValue, key,
        "`\(full(key))` is \(number); it must lie between \(range.lowerBound) and "
          + "\(range.upperBound)")
    }
    return number
  }

  /// A share between 0 and 1, if `key` is set, in ten-thousandths.
  func share(_ key: String) throws(ConfigurationProblem) -> Int? {
    guard table.contains(key: key) else { return nil }
    let number = table[key]?.double ?? table[key]?.int.map(Double.init)
    guard let number else {
      throw problem(
        .wrongType, key, "`\(full(key))` must be a number between 0 and 1, such as 0.6")
    }
    guard (0...1).contains(number) else {
      throw problem(.badValue, key, "`\(full(key))` is \(number); it must lie between 0 and 1")
    }
    return Int((number * 10_000).rounded())
  }

  /// A list of texts, if `key` is set.
  func strings(_ key: String) throws(ConfigurationProblem) -> [String]? {
    let wanted = "a list of texts, such as [\"angry\"]"
    guard let array = try value(key, wanted: wanted, type: .array, { $0.array }) else { return nil }
    var texts: [String] = []
    for index in 0..<array.count {
      guard array[index].type == .string, let text = array[index].string else {
        throw problem(.wrongType, key, "`\(full(key))` must be \(wanted)")
      }
      texts.append(text)
    }
    return texts
  }

  /// The table `key`, if there is one.
  func section(_ key: String) throws(ConfigurationProblem) -> ConfigurationSection? {
    let inner = try value(key, wanted: "a table, such as [\(full(key))]", type: .table) { $0.table }
    return inner.map {
      ConfigurationSection($0, path: full(key), file: file, lines: lines)
    }
  }

  func problem(
    _ kind: ConfigurationProblem.Kind, _ key: String, _ message: String
  ) -> ConfigurationProblem {
    ConfigurationProblem(kind, file: file, line: place(of: key).line, message: message)
  }

  private func value<Value>(
    _ key: String, wanted: String, type: TOMLType, _ get: (TOMLValueConvertible) -> Value?
  ) throws(ConfigurationProblem) -> Value? {
    guard table.contains(key: key), let value = table[key] else { return nil }
    guard value.type == type, let wrapped = get(value) else {
      throw problem(
        .wrongType, key, "`\(full(key))` must be \(wanted), not \(value.type.inWords)")
    }
    return wrapped
  }
}

extension TOMLType {
  fileprivate var inWords: String {
    switch self {
    case .table: "a table"
    case .array: "a list"
    case .string: "a text"
    case .int: "a whole number"
    case .double: "a fraction"
    case .bool: "true or false"
    default: "a date or time"
    }
  }
}
