/// One stream's way from scores to meaning: abstention, smoothing, sustained states, alerts.
///
/// It has no clock. Time is the stream's own, in milliseconds since its first frame, and comes with
/// each result and each call of `advance`; an earlier time than the last one is taken as the last
/// one. For a stream whose role forbids it (`Role.infersEmotion`), nothing is ever found.
///
///     var interpreter = Interpreter(role: .caller, labels: labels)
///     for finding in interpreter.receive(result) { publish(finding) }
///     for finding in interpreter.advance(to: now) { publish(finding) }  // a few times a second, in silence too
public struct Interpreter: Sendable {
  /// Whether anything is inferred from this stream.
  public private(set) var infersEmotion: Bool

  private let labels: LabelMap
  private let settings: AffectSettings
  private var evidence: Evidence
  private var state = StateTracker()
  private var alerts: [AlertTracker]
  private var lastSpeechMs: Int?
  private var nowMs = 0

  /// An interpreter that has heard nothing. `settings` must have passed their check.
  public init(
    role: Role, exception: AgentException? = nil, labels: LabelMap,
    settings: AffectSettings = AffectSettings(), rules: [AlertRule] = []
  ) {
    infersEmotion = role.infersEmotion(exception: exception)
    self.labels = labels
    self.settings = settings
    evidence = Evidence(timeConstantMs: settings.timeConstantMs)
    alerts = rules.map { AlertTracker($0) }
  }

  /// The sustained emotion, if any, and since when (milliseconds of the stream).
  public var sustained: (label: Emotion, sinceMs: Int)? { state.current }

  /// What a result alone says, without adding it to the evidence: states and alerts rest only on
  /// the results that the model makes at its own pace, however many more a client wants.
  public func judge(_ result: SegmentResult) -> [Finding] {
    infersEmotion ? [.emotion(judgement(of: result))] : []
  }

  /// Adds a result to the evidence; returns what it says itself, then what it changes.
  public mutating func receive(_ result: SegmentResult) -> [Finding] {
    guard infersEmotion else { return [] }
    var findings = advance(to: result.startMs)
    let judgement = judgement(of: result)
    findings.append(.emotion(judgement))
    let from = evidence.add(judgement)
    nowMs = max(nowMs, result.endMs)
    lastSpeechMs = max(lastSpeechMs ?? 0, result.endMs)
    let changes = state.update(evidence, from: from, to: result.endMs, settings: settings)
    findings += changes.map { .state($0) }
    let (evidence, now) = (evidence, nowMs)
    return findings + eachAlert { $0.update(evidence, now: now) }
  }

  private func judgement(of result: SegmentResult) -> Judgement {
    Judgement(result, labels: labels, minimumConfidence: settings.minimumConfidence)
  }

  /// Lets time pass up to `now` (milliseconds of the stream): alerts come due, old evidence lapses.
  public mutating func advance(to now: Int) -> [Finding] {
    nowMs = max(nowMs, now)
    let now = nowMs
    guard let lapsesAt = lastSpeechMs.map({ $0 + settings.lapseMs }), now >= lapsesAt else {
      return eachAlert { $0.advance(to: now) }
    }
    return eachAlert { $0.advance(to: lapsesAt) } + forget()
      + eachAlert { $0.lapse(now: lapsesAt) + $0.advance(to: now) }
  }

  /// Ends every state and alert: the talker left, the stream stopped, or the model changed.
  public mutating func finish(at now: Int) -> [Finding] {
    let findings = advance(to: now) + forget()
    let now = nowMs
    return findings + eachAlert { $0.finish(now: now) }
  }

  /// Finds nothing from here on: the role of the talker forbids it now. States and alerts must have
  /// been ended by `finish`.
  public mutating func stopInferring() { infersEmotion = false }

  /// Drops the evidence and ends the state that rested on it.
  private mutating func forget() -> [Finding] {
    let changes = state.lapse(atMs: lastSpeechMs ?? nowMs) { evidence[$0] }
    evidence.restart()
    lastSpeechMs = nil
    return changes.map { .state($0) }
  }

  private mutating func eachAlert(_ step: (inout AlertTracker) -> [Alert]) -> [Finding] {
    alerts.indices.flatMap { step(&alerts[$0]).map { Finding.alert($0) } }
  }
}
