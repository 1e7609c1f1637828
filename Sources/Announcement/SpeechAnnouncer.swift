import Acoustics
import Affect
import EventStream
import Recognition

/// Turns what one stream's recognizer reports into the events that are published.
///
/// The daemon and `edgectl classify` both use this type, so that a file is reported exactly as a
/// microphone is.
public struct SpeechAnnouncer: Sendable {
  private let stream: String
  private let classCount: Int
  private let frontEnd: FrontEndDefinition
  private var interpreter: Interpreter
  private var levelCentibels: Int?

  /// An announcer for `stream`, whose model has `classCount` classes and frames as `frontEnd` makes
  /// them.
  public init(
    stream: String, classCount: Int, frontEnd: FrontEndDefinition, interpreter: Interpreter
  ) {
    self.stream = stream
    self.classCount = classCount
    self.frontEnd = frontEnd
    self.interpreter = interpreter
  }

  /// Whether emotions are inferred from this stream at all.
  public var infersEmotion: Bool { interpreter.infersEmotion }

  /// The sustained emotion, if there is one.
  public var sustained: Emotion? { interpreter.sustained?.label }

  /// The events that `event` leads to, in the order of publication. `latencyMs` is the time from
  /// the frame that caused it to now.
  public mutating func events(for event: RecognitionEvent, latencyMs: Int = 0) -> [Event] {
    switch event {
    case .speechStart(let segment, let start, _):
      levelCentibels = nil
      // First the ends of what lapsed in the preceding silence, whether or not `advance` was called
      // in it.
      let lapsed = advance(toFrame: start)
      let start = SpeechStart(segment: Int(segment), startMs: milliseconds(start))
      return lapsed + [Event(stream: stream, .speechStart(start))]
    case .speechEnd(let segment, let start, let end, _):
      let end = SpeechEnd(
        segment: Int(segment), startMs: milliseconds(start), endMs: milliseconds(end),
        levelCentibels: levelCentibels)
      return [Event(stream: stream, .speechEnd(end))]
    case .decision(let decision):
      levelCentibels = decision.levelCentibels
      let result = result(decision, latencyMs: latencyMs)
      let findings = decision.isOwn ? interpreter.receive(result) : interpreter.judge(result)
      return findings.map { Event(stream: stream, finding: $0) }
    }
  }

  /// The events that time alone leads to, up to frame `frame` of the stream; call a few times a
  /// second, in silence too.
  public mutating func advance(toFrame frame: Int64) -> [Event] {
    interpreter.advance(to: milliseconds(frame)).map { Event(stream: stream, finding: $0) }
  }

  /// Ends every state and alert: the talker left, the stream stopped, or the model changed.
  public mutating func finish(atFrame frame: Int64) -> [Event] {
    interpreter.finish(at: milliseconds(frame)).map { Event(stream: stream, finding: $0) }
  }

  /// Ends every state and alert, and announces nothing but speech from here on.
  public mutating func stopInferring(atFrame frame: Int64) -> [Event] {
    defer { interpreter.stopInferring() }
    return finish(atFrame: frame)
  }

  /// Where `frame` of the stream begins, in milliseconds.
  public func milliseconds(ofFrame frame: Int64) -> Int { milliseconds(frame) }

  private func milliseconds(_ frame: Int64) -> Int {
    frontEnd.milliseconds(ofFrame: Int(frame))
  }

  private func result(_ decision: Decision, latencyMs: Int) -> SegmentResult {
    let scores = Scores(decision.logits, classCount: classCount)
    return SegmentResult(
      segment: Int(decision.segment), startMs: milliseconds(decision.start),
      endMs: milliseconds(decision.end), baseline: Int(decision.baseline),
      classScores: (0..<classCount).map { Int(scores.values[$0]) }, isFinal: decision.isFinal,
      levelCentibels: decision.levelCentibels, latencyMs: latencyMs)
  }
}
