import JSON

/// Which events to show: those for which all of its conditions hold.
struct EventFilter {
  /// A comparison of one member of an event.
  struct Condition: Equatable {
    enum Comparison: String, CaseIterable {
      case notEqual = "!="
      case atLeast = ">="
      case atMost = "<="
      case equal = "="
    }

    let member: String
    let comparison: Comparison
    let value: String
  }

  let conditions: [Condition]

  /// Conditions separated by commas, such as `type=emotion,label=angry,confidence>=0.6`. Spaces
  /// around their parts are ignored, and `==` is `=`. A condition that no event can pass is
  /// refused, because its output would look like a quiet room.
  init(_ argument: String) throws(Problem) {
    var conditions: [Condition] = []
    for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
      conditions.append(try EventFilter.condition(part))
    }
    self.conditions = conditions
  }

  private static func condition(_ text: Substring) throws(Problem) -> Condition {
    // The first operator is the comparison; the value may contain others.
    guard let start = text.firstIndex(where: { "=!<>".contains($0) }),
      let comparison = Condition.Comparison.allCases.first(where: {
        text[start...].hasPrefix($0.rawValue)
      })
    else { throw .noComparison(trimmed(text)) }
    let isDoubled = text[start...].hasPrefix("==")
    let member = trimmed(text[..<start])
    var value = trimmed(text[start...].dropFirst(isDoubled ? 2 : comparison.rawValue.count))
    // A time in whole seconds, as `date -u +%FT%TZ` prints it: events have milliseconds before the
    // Z.
    if Condition.times.contains(member), value.count == 20, value.last == "Z" { value.removeLast() }
    let condition = Condition(member: member, comparison: comparison, value: value)
    try check(condition)
    return condition
  }

  private static func check(_ condition: Condition) throws(Problem) {
    guard !condition.value.isEmpty else { throw .noValue(member: condition.member) }
    guard let member = EventMember.all.first(where: { $0.name == condition.member }) else {
      throw condition.member == "scores" ? .manyScores : .unknownMember(condition.member)
    }
    try member.check(condition.comparison, condition.value)
  }

  private static func trimmed(_ text: Substring) -> String {
    let isSpace: (Character) -> Bool = \.isWhitespace
    let end = text.lastIndex(where: { !isSpace($0) }).map { text.index(after: $0) }
    return String(text.drop(while: isSpace)[..<(end ?? text.endIndex)])
  }

  /// The streams that it names.
  var streams: [String] {
    conditions.filter { $0.member == "stream" && $0.comparison == .equal }.map(\.value)
  }

  /// Whether every condition holds for `event`. A member that is absent equals nothing.
  func passes(_ event: JSONObject) -> Bool {
    conditions.allSatisfy { $0.holds(for: event) }
  }
}

extension EventFilter.Condition {
  fileprivate func holds(for event: JSONObject) -> Bool {
    let value = EventFilter.Condition.value(of: member, in: event)
    switch comparison {
    case .equal: return isSaid(by: value)
    case .notEqual: return !isSaid(by: value)
    case .atLeast: return compare(value, numbers: >=, texts: >=)
    case .atMost: return compare(value, numbers: <=, texts: <=) || isSaid(by: value)
    }
  }

  /// The member called `name`; after a dot, a member of that one.
  private static func value(of name: String, in event: JSONObject) -> JSONValue? {
    guard let point = name.firstIndex(of: ".") else { return event[name] }
    return event[String(name[..<point])]?[String(name[name.index(after: point)...])]
  }

  /// Numbers are compared as numbers: 0.7300 in a line equals 0.73. A time equals each of its
  /// prefixes.
  private func isSaid(by said: JSONValue?) -> Bool {
    guard let said else { return false }
    if let number = said.number, let wanted = Double(value) { return number == wanted }
    let text = said.string ?? said.description
    return text == value || (Self.times.contains(member) && text.hasPrefix(value))
  }

  private func compare(
    _ said: JSONValue?, numbers: (Double, Double) -> Bool, texts: (String, String) -> Bool
  ) -> Bool {
    if let number = said?.number, let wanted = Double(value) { return numbers(number, wanted) }
    return said?.string.map { texts($0, value) } ?? false
  }

  /// Members that are moments.
  fileprivate static let times = ["time", "new", "old"]
}
