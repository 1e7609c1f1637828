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
    // The longer signs come first: each of them contains the shortest.
    for comparison in Condition.Comparison.allCases {
      guard let range = text.firstRange(of: comparison.rawValue) else { continue }
      let member = String(text[..<range.lowerBound])
      let value = String(text[range.upperBound...])
      let needsNumber = comparison == .atLeast || comparison == .atMost
      guard !member.isEmpty, !value.isEmpty, !needsNumber || Double(value) != nil else {
        return nil
      }
      return Condition(member: member, comparison: comparison, value: value)
    }
    return nil
  }

  /// Whether every condition holds for `event`. A member that is absent equals nothing.
  func passes(_ event: JSONObject) -> Bool {
    conditions.allSatisfy { condition in
      let value = event[condition.member]
      switch condition.comparison {
      case .equal: return value.map(EventFilter.text) == condition.value
      case .notEqual: return value.map(EventFilter.text) != condition.value
      case .atLeast: return (value?.number).map { $0 >= Double(condition.value)! } ?? false
      case .atMost: return (value?.number).map { $0 <= Double(condition.value)! } ?? false
      }
    }
  }

  private static func text(_ value: JSONValue) -> String { value.string ?? value.description }
}
