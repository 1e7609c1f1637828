import Affect
import EventStream
import SoundDevices

/// A member of events that conditions compare: its name, and the values it can have.
struct EventMember {
  /// What values it has.
  enum Kind {
    /// Numbers in a range.
    case number(ClosedRange<Double>)
    /// True or false.
    case flag
    /// One of these.
    case words([String])
    /// A moment in UTC, as `2026-11-21T04:55:24.265Z`; a prefix stands for all that begin with it.
    case time
    /// A run's 32 hexadecimal digits.
    case run
    /// Any text.
    case text
  }

  let name: String
  let kind: Kind

  /// All of them, in all types of events: docs/events.schema.json describes each.
  ///
  /// Each score is a member of its own: `scores.angry`.
  static let all =
    [
      EventMember("at_ms", .count), EventMember("baseline", .count),
      EventMember("confidence", .share), EventMember("end_ms", .count), EventMember("final", .flag),
      EventMember("held_ms", .count), EventMember("id", .text),
      EventMember("label", .words(Emotion.allCases.map(\.rawValue))),
      EventMember("latency_ms", .count), EventMember("level_dbfs", .number(-200...0)),
      EventMember("lost_ms", .count), EventMember("message", .text), EventMember("mono_ms", .count),
      EventMember("new", .time), EventMember("old", .time), EventMember("path", .text),
      EventMember("phase", .words(phases)), EventMember("reason", .text),
      EventMember("rule", .text), EventMember("run", .run),
    ] + Emotion.named.map { EventMember("scores.\($0.rawValue)", .share) } + [
      EventMember("segment", .count), EventMember("seq", .count), EventMember("share", .share),
      EventMember("since_ms", .count), EventMember("start_ms", .count),
      EventMember("state", .words(states)), EventMember("stream", .text),
      EventMember("synced", .flag), EventMember("time", .time),
      EventMember("type", .words(EventType.allCases.map(\.rawValue))), EventMember("v", .count),
    ]

  private static let phases =
    SustainedState.Phase.allCases.map(\.rawValue) + Alert.Phase.allCases.map(\.rawValue)

  private static let states =
    DeviceState.allCases.map(\.rawValue) + LoadResult.State.allCases.map(\.rawValue)

  private init(_ name: String, _ kind: Kind) {
    (self.name, self.kind) = (name, kind)
  }
}

extension EventMember.Kind {
  /// Numbers that count or measure something, and are never negative.
  static let count = number(0...Double.infinity)
  /// Shares of one.
  static let share = number(0...1)
}

extension EventMember {
  /// Refuses a comparison that no event can pass, which would look like a quiet room.
  func check(_ comparison: EventFilter.Condition.Comparison, _ value: String)
    throws(EventFilter.Problem)
  {
    switch kind {
    case .number(let range):
      guard let number = Double(value) else { throw .notANumber(value, member: name) }
      let isPossible =
        switch comparison {
        case .equal, .notEqual: range.contains(number)
        case .atLeast: number <= range.upperBound
        case .atMost: number >= range.lowerBound
        }
      guard isPossible else { throw .outOfRange(value, member: name, range: range) }
    case .time:
      guard EventMember.beginsTime(value) else { throw .notATime(value, member: name) }
    case .flag, .words, .run, .text:
      guard comparison == .equal || comparison == .notEqual else {
        throw .notOrdered(member: name, comparison: comparison.rawValue)
      }
      try checkWord(value)
    }
  }

  private func checkWord(_ value: String) throws(EventFilter.Problem) {
    switch kind {
    case .flag:
      guard ["true", "false"].contains(value) else {
        throw .unknownWord(value, member: name, known: ["true", "false"])
      }
    case .words(let words):
      guard words.contains(value) else {
        throw .unknownWord(value, member: name, known: words)
      }
    case .run:
      guard RunIdentifier(hexadecimal: value) != nil else { throw .notARun(value) }
    case .number, .time, .text: break
    }
  }

  /// Whether times that events have can begin with `text`, which names at least a day.
  private static func beginsTime(_ text: String) -> Bool {
    let form = "0000-00-00T00:00:00.000Z"
    guard (10...form.count).contains(text.count),
      zip(text, form).allSatisfy({ $1 == "0" ? ("0"..."9").contains($0) : $0 == $1 })
    else { return false }
    // A number cut off after its tens stands for all that it may become.
    let numbers = text.split(whereSeparator: { !$0.isNumber })
    let days = 1...daysInMonth(Int(numbers[1]) ?? 0, year: Int(numbers[0]) ?? 0)
    let ranges = [1...12, days, 0...23, 0...59, 0...60]
    return zip(numbers.dropFirst(), ranges).allSatisfy { number, range in
      let least = (Int(number) ?? 0) * (number.count == 1 ? 10 : 1)
      return range.overlaps(least...(number.count == 1 ? least + 9 : least))
    }
  }

  private static func daysInMonth(_ month: Int, year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}
