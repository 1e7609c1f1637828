/// The kinds of stored events: those that have a sequence number and can be replayed.
public enum EventType: String, CaseIterable, Sendable {
  case speechStart = "speech_start"
  case speechEnd = "speech_end"
  case emotion
  case state
  case alert
  case xrun
  case device
  case call
  case model
  case config
  case clock
}

/// A set of event types, as a client chooses it.
struct EventTypes: OptionSet, Hashable, Sendable {
  /// One bit for each type, in the order of `EventType.allCases`.
  let rawValue: UInt16

  /// The set of the types whose bits are set.
  init(rawValue: UInt16) {
    self.rawValue = rawValue
  }

  /// The set of one type.
  init(_ type: EventType) {
    rawValue = 1 << UInt16(EventType.allCases.firstIndex(of: type)!)
  }

  /// The set of `types`.
  init(_ types: some Sequence<EventType>) {
    self = types.reduce(into: []) { $0.formUnion(EventTypes($1)) }
  }

  /// Every type there is.
  static let all = EventTypes(EventType.allCases)

  /// What is inferred from a voice.
  static let inferred = EventTypes([.emotion, .state, .alert])

  /// The types in the set, in the order of `EventType.allCases`.
  var types: [EventType] { EventType.allCases.filter { contains(EventTypes($0)) } }
}
