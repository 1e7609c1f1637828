import Affect
import EventStream
import JSON

/// Which events to show: all of its conditions hold.
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

  /// Conditions separated by commas, such as `type=emotion,label=angry,confidence>=0.6`. Spaces around their parts
  /// mean nothing, and `==` is `=`.
  init(_ argument: String) throws(Problem) {
    var conditions: [Condition] = []
    for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
      conditions.append(try EventFilter.condition(part))
    }
    self.conditions = conditions
  }

  private static func condition(_ text: Substring) throws(Problem) -> Condition {
    // The first sign is the comparison; what follows it may hold others.
    guard let start = text.firstIndex(where: { "=!<>".contains($0) }),
      let comparison = Condition.Comparison.allCases.first(where: {
        text[start...].hasPrefix($0.rawValue)
      })
    else { throw .noComparison(trimmed(text)) }
    let isDoubled = text[start...].hasPrefix("==")
    let value = trimmed(text[start...].dropFirst(isDoubled ? 2 : comparison.rawValue.count))
    let condition = Condition(
      member: trimmed(text[..<start]), comparison: comparison, value: value)
    try check(condition)
    return condition
  }

  /// Refuses what no event can pass, which would look like a quiet room.
  private static func check(_ condition: Condition) throws(Problem) {
    guard !condition.value.isEmpty else { throw .noValue(member: condition.member) }
    guard EventFilter.members.contains(condition.member) else {
      throw .unknownMember(condition.member)
    }
    let needsNumber = condition.comparison == .atLeast || condition.comparison == .atMost
    guard !needsNumber || Double(condition.value) != nil else {
      throw .notANumber(condition.value, comparison: condition.comparison.rawValue)
    }
    let words =
      switch condition.member {
      case "type": EventType.allCases.map(\.rawValue)
      case "label": Emotion.allCases.map(\.rawValue)
      default: [condition.value]
      }
    guard words.contains(condition.value) else {
      throw .unknownWord(condition.value, member: condition.member, known: words)
    }
  }

  private static func trimmed(_ text: Substring) -> String {
    let isSpace: (Character) -> Bool = \.isWhitespace
    let end = text.lastIndex(where: { !isSpace($0) }).map { text.index(after: $0) }
    return String(text.drop(while: isSpace)[..<(end ?? text.endIndex)])
  }

  /// Whether every condition holds for `event`. A member that is absent equals nothing.
  func passes(_ event: JSONObject) -> Bool {
    conditions.allSatisfy { condition in
      let value = event[condition.member]
      switch condition.comparison {
      case .equal: return EventFilter.says(value, condition.value)
      case .notEqual: return !EventFilter.says(value, condition.value)
      case .atLeast: return (value?.number).map { $0 >= Double(condition.value)! } ?? false
      case .atMost: return (value?.number).map { $0 <= Double(condition.value)! } ?? false
      }
    }
  }

  /// Numbers are compared as such: 0.7300 in a line is 0.73.
  private static func says(_ value: JSONValue?, _ wanted: String) -> Bool {
    guard let value else { return false }
    if let number = value.number, let wanted = Double(wanted) { return number == wanted }
    return (value.string ?? value.description) == wanted
  }
}
