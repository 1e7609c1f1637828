/// Decides with hysteresis which emotion, if any, a stream is in.
///
/// A state starts when the leading emotion's evidence reaches `enterShare`; it ends when its own
/// falls below `leaveShare`, when another one's reaches `enterShare`, or when everything heard has
/// lapsed.
struct StateTracker {
  private(set) var current: (label: Emotion, sinceMs: Int)?
  private var leader: (label: Emotion, sinceMs: Int)?

  /// Evaluates the evidence after speech from `from` to `to` was taken in.
  mutating func update(
    _ evidence: Evidence, from: Int, to: Int, settings: AffectSettings
  ) -> [SustainedState] {
    let strongest = evidence.leader
    if leader?.label != strongest { leader = (strongest, from) }
    var changes: [SustainedState] = []
    let isReady = evidence[strongest] >= settings.enterShare
    if let label = current?.label {
      let isReplaced = strongest != label && isReady
      if isReplaced || evidence[label] < settings.leaveShare {
        changes += end(atMs: to, share: evidence[label])
      }
    }
    if current == nil, isReady, let leader {
      current = leader
      changes.append(
        SustainedState(
          label: leader.label, sinceMs: leader.sinceMs, phase: .start, atMs: to,
          share: evidence[strongest]))
    }
    return changes
  }

  /// Ends the current state and forgets which emotion led.
  mutating func lapse(atMs: Int, share: (Emotion) -> Int) -> [SustainedState] {
    leader = nil
    return end(atMs: atMs, share: current.map { share($0.label) } ?? 0)
  }

  private mutating func end(atMs: Int, share: Int) -> [SustainedState] {
    guard let ended = current else { return [] }
    current = nil
    return [
      SustainedState(
        label: ended.label, sinceMs: ended.sinceMs, phase: .end, atMs: atMs, share: share)
    ]
  }
}
