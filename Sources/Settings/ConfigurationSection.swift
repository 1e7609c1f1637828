/// One table of a configuration file, read strictly: every key must be asked for, every value must
/// have its type. What is wrong is reported, and read as if it were not set.
struct ConfigurationSection {
  private let table: TOMLTable
  private let path: String
  private let file: String
  private let review: ConfigurationReview

  init(_ table: TOMLTable, path: String = "", file: String, review: ConfigurationReview) {
    self.table = table
    self.path = path
    self.file = file
    self.review = review
  }

  /// Where `key` of this table is set.
  func place(of key: String) -> Configuration.Place {
    Configuration.Place(file: file, line: table.entries[key]?.line)
  }

  /// The path of `key` from the top of the file.
  func full(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

  /// The keys that are set, sorted.
  var keys: [String] { table.entries.keys.sorted() }

  /// Reports every key that is not in `known`.
  func allow(_ known: [String]) {
    for key in keys where !known.contains(key) {
      let place = path.isEmpty ? "" : " in [\(path)]"
      report(
        .unknownKey, key,
        "unknown key `\(key)`\(place); known here: \(known.sorted().joined(separator: ", "))")
    }
  }

  /// A text, if `key` is set.
  func string(_ key: String) -> String? {
    value(key, wanted: "a text in quotes") {
      if case .string(let text) = $0 { text } else { nil }
    }
  }

  /// The one of `choices` whose `word` is the text, if `key` is set.
  func choice<Choice>(
    _ key: String, of choices: [Choice], _ word: (Choice) -> String
  ) -> Choice? {
    guard let text = string(key) else { return nil }
    if let choice = choices.first(where: { word($0) == text }) { return choice }
    let words = choices.map(word).joined(separator: ", ")
    report(.badValue, key, "`\(full(key))` is \"\(text)\"; it must be one of \(words)")
    return nil
  }

  /// A whole number within `range`, if `key` is set.
  func integer(
    _ key: String, in range: ClosedRange<Int>
  ) -> Int? {
    let number = value(key, wanted: "a whole number") {
      if case .integer(let number) = $0 { number } else { nil }
    }
    guard let number else { return nil }
    guard range.contains(number) else {
      report(
        .badValue, key,
        "`\(full(key))` is \(number); it must lie between \(range.lowerBound) and "
          + "\(range.upperBound)")
      return nil
    }
    return number
  }

  /// A share between 0 and 1, if `key` is set, in ten-thousandths.
  func share(_ key: String) -> Int? {
    let number: Double? = value(key, wanted: "a number between 0 and 1, such as 0.6") {
      switch $0 {
      case .fraction(let number): number
      case .integer(let number): Double(number)
      default: nil
      }
    }
    guard let number else { return nil }
    guard (0...1).contains(number) else {
      report(.badValue, key, "`\(full(key))` is \(number); it must lie between 0 and 1")
      return nil
    }
    return Int((number * 10_000).rounded())
  }

  /// A list of texts, if `key` is set.
  func strings(_ key: String) -> [String]? {
    value(key, wanted: "a list of texts, such as [\"angry\"]") {
      guard case .array(let values) = $0 else { return nil }
      let texts = values.compactMap { if case .string(let text) = $0 { text } else { nil } }
      return texts.count == values.count ? texts : nil
    }
  }

  /// The table `key`, if there is one; `example` is how such a table begins.
  func section(
    _ key: String, example: String? = nil
  ) -> ConfigurationSection? {
    let inner = value(key, wanted: "a table, such as [\(example ?? full(key))]") {
      if case .table(let table) = $0 { table } else { nil }
    }
    return inner.map { ConfigurationSection($0, path: full(key), file: file, review: review) }
  }

  /// Reports what is wrong with `key`.
  func report(_ kind: ConfigurationProblem.Kind, _ key: String, _ message: String) {
    review.report(
      ConfigurationProblem(kind, file: file, line: place(of: key).line, message: message))
  }

  private func value<Value>(
    _ key: String, wanted: String, _ get: (TOMLValue) -> Value?
  ) -> Value? {
    guard let value = table.entries[key]?.value else { return nil }
    if let wrapped = get(value) { return wrapped }
    report(.wrongType, key, "`\(full(key))` must be \(wanted), not \(value.inWords)")
    return nil
  }
}
