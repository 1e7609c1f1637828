import ArgumentParser
import JSON

/// Which events to show: all of its conditions hold.
struct EventFilter: ExpressibleByArgument {
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

  /// Conditions separated by commas, such as `type=emotion,label=angry,confidence>=0.6`.
  init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
    let conditions = parts.map(EventFilter.condition)
    guard !conditions.isEmpty, conditions.allSatisfy({ $0 != nil }) else { return nil }
    self.conditions = conditions.compactMap { $0 }
  }

  private static func condition(_ text: Substring) -> Condition? {
    // The first sign is the comparison; what follows it may hold others.
    guard let start = text.firstIndex(where: { "=!<>".contains($0) }),
      let comparison = Condition.Comparison.allCases.first(where: {
        text[start...].hasPrefix($0.rawValue)
      })
    else { return nil }
    let member = String(text[..<start])
    let value = String(text[start...].dropFirst(comparison.rawValue.count))
    let needsNumber = comparison == .atLeast || comparison == .atMost
    guard !member.isEmpty, !value.isEmpty, !needsNumber || Double(value) != nil else { return nil }
    return Condition(member: member, comparison: comparison, value: value)
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
