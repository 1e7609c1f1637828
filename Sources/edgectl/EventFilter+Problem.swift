extension EventFilter {
  /// What an event can have, in all of its types: docs/events.schema.json describes each.
  static let members = [
    "at_ms", "baseline", "confidence", "end_ms", "final", "held_ms", "id", "label", "latency_ms",
    "level_dbfs", "lost_ms", "message", "mono_ms", "new", "old", "path", "phase", "reason", "rule",
    "run", "scores", "segment", "seq", "share", "since_ms", "start_ms", "state", "stream", "synced",
    "time", "type", "v",
  ]

  /// Why conditions cannot be used.
  enum Problem: Error, Equatable, CustomStringConvertible {
    case noComparison(String)
    case noValue(member: String)
    case unknownMember(String)
    case notANumber(String, comparison: String)
    case unknownWord(String, member: String, known: [String])

    /// What is wrong and what to do; ends without a point, which the parser of arguments leaves to itself.
    var description: String {
      switch self {
      case .noComparison(let text):
        "“\(text)” does not compare: write a member, =, !=, >= or <=, and a value"
      case .noValue(let member):
        "“\(member)” is compared with nothing: write a value behind the comparison"
      case .unknownMember(let member):
        "no event has “\(member)”: they have " + EventFilter.members.joined(separator: ", ")
      case .notANumber(let value, let comparison):
        "“\(value)” is no number, and \(comparison) compares numbers"
      case .unknownWord(let value, let member, let known):
        "“\(value)” is no \(member): there are " + known.joined(separator: ", ")
      }
    }
  }
}
