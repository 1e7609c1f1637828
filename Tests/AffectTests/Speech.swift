@testable import Affect

/// A model of three classes, two of which are the same word.
let threeClasses = try! LabelMap(labels: ["angry", "neutral", "angry"])

/// The result of speech from `start` to `end`, with `angry` at `angry` ten-thousandths and the rest
/// neutral.
func result(
  _ segment: Int, _ start: Int, _ end: Int, angry: Int, isFinal: Bool = false
) -> SegmentResult {
  SegmentResult(
    segment: segment, startMs: start, endMs: end, baseline: 0,
    classScores: [angry / 2, 10_000 - angry, angry - angry / 2], isFinal: isFinal,
    levelCentibels: -231, latencyMs: 12)
}

/// What is found when one segment from `start` to `end` is judged every `step` milliseconds.
func speak(
  to interpreter: inout Interpreter, segment: Int, from start: Int, to end: Int, angry: Int,
  step: Int = 500
) -> [Finding] {
  stride(from: start + step, through: end, by: step).flatMap {
    interpreter.receive(result(segment, start, $0, angry: angry, isFinal: $0 + step > end))
  }
}

extension [Finding] {
  var judgements: [Judgement] {
    compactMap { if case .emotion(let judgement) = $0 { judgement } else { nil } }
  }
  var states: [SustainedState] {
    compactMap { if case .state(let state) = $0 { state } else { nil } }
  }
  var alerts: [Alert] { compactMap { if case .alert(let alert) = $0 { alert } else { nil } } }
}
