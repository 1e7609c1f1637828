extension EventFilter {
  /// Why conditions cannot be used.
  enum Problem: Error, Equatable, CustomStringConvertible {
    case noComparison(String)
    case noValue(member: String)
    case unknownMember(String)
    case manyScores
    case notANumber(String, member: String)
    case outOfRange(String, member: String, range: ClosedRange<Double>)
    case notOrdered(member: String, comparison: String)
    case notATime(String, member: String)
    case notARun(String)
    case unknownWord(String, member: String, known: [String])

    /// What is wrong and what to do; ends without a point, which the parser of arguments leaves to
    /// itself.
    var description: String {
      switch self {
      case .noComparison(let text):
        "“\(text)” does not compare: write a member, =, !=, >= or <=, and a value"
      case .noValue(let member):
        "“\(member)” is compared with nothing: write a value behind the comparison"
      case .unknownMember(let member):
        "no event has “\(member)”: they have "
          + EventMember.all.map(\.name).joined(separator: ", ")
      case .manyScores:
        "“scores” are many: compare one of them, such as scores.angry"
      case .notANumber(let value, let member):
        "“\(value)” is no number, and \(member) is one"
      case .outOfRange(let value, let member, let range):
        "no \(member) passes “\(value)”: it is \(range.words)"
      case .notOrdered(let member, let comparison):
        "\(comparison) compares numbers and times, and \(member) is neither: write = or !="
      case .notATime(let value, let member):
        "“\(value)” is no \(member): write a day or a moment of it in UTC,"
          + " such as 2026-11-21 or 2026-11-21T04:55"
      case .notARun(let value):
        "“\(value)” is no run: write the 32 hexadecimal digits that an event has as “run”"
      case .unknownWord(let value, let member, let known):
        "“\(value)” is no \(member): write one of " + known.joined(separator: ", ")
      }
    }
  }
}

extension ClosedRange<Double> {
  /// The range as a phrase.
  fileprivate var words: String {
    upperBound == .infinity
      ? "\(Int(lowerBound)) or more" : "from \(Int(lowerBound)) to \(Int(upperBound))"
  }
}
