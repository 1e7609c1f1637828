/// What one client wants to hear.
struct Subscription: Equatable {
  /// The allowed intervals between interim results, in milliseconds.
  static let interimRange = 100...60_000

  /// The types it wants.
  var types = EventTypes.all
  /// The streams it wants; nil for all. Events of no stream always pass.
  var streams: [String]?
  /// Whether it wants results of segments that still go on.
  var wantsInterim = true
  /// How far apart those should be, in milliseconds.
  var interimMs: Int

  /// Whether an event with these traits is wanted.
  func wants(_ traits: EventTraits) -> Bool {
    guard !traits.isForgotten, types.contains(traits.type) else { return false }
    if let streams, let stream = traits.stream, !streams.contains(stream) { return false }
    guard let interim = traits.interim else { return true }
    return wantsInterim && isDue(interim)
  }

  /// Whether an interim result is one of those that come about every `interimMs`.
  ///
  /// Another client may have asked for more of them. Which ones pass depends on nothing but the
  /// event itself, so a replay gives the same ones: those by which the segment has entered another
  /// multiple of `interimMs` than at the previous interim. Where they come no faster than asked
  /// for, all pass.
  private func isDue(_ interim: EventTraits.Interim) -> Bool {
    interim.elapsedMs - interim.previousMs >= interimMs
      || interim.elapsedMs / interimMs != interim.previousMs / interimMs
  }
}

/// What decides who wants an event, stored with its line.
struct EventTraits {
  /// Where an interim result lies in its segment.
  struct Interim {
    /// How much of the segment was heard, in milliseconds.
    var elapsedMs: Int
    /// The same for the interim before it; 0 for the first.
    var previousMs: Int
  }

  var type: EventTypes
  var stream: String?
  var interim: Interim?
  /// It must not be sent any more.
  var isForgotten = false
}

/// Remembers how far each stream's segment had come at the last interim result.
struct InterimPace {
  private var latest: [String: (segment: Int, startMs: Int, elapsedMs: Int)] = [:]

  /// The traits of `event`, which must follow all events passed before.
  mutating func traits(of event: Event) -> EventTraits {
    var traits = EventTraits(type: EventTypes(event.type), stream: event.stream)
    guard case .emotion(let judgement) = event.content, !judgement.isFinal else { return traits }
    let stream = event.stream ?? ""
    let before = latest[stream].flatMap { $0.segment == judgement.segment ? $0 : nil }
    // A later interim result may cover only the end of a long segment; the first covers all of it.
    let start = before?.startMs ?? judgement.startMs
    let elapsed = judgement.endMs - start
    traits.interim = EventTraits.Interim(elapsedMs: elapsed, previousMs: before?.elapsedMs ?? 0)
    latest[stream] = (judgement.segment, start, elapsed)
    return traits
  }
}
