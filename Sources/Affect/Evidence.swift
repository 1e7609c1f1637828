/// The evidence in one stream's recent speech: an average of scores that decays with time spoken.
///
/// Each result counts for the speech it adds (`Δ`, milliseconds since the result before it in the
/// same segment) and moves every emotion towards its score by `Δ/(Δ + τ)`, the implicit Euler step
/// of a first-order low-pass. The average starts at nothing, not at the first result, so a short
/// exclamation, however sure, is little evidence: about `τ · ln(s/(s − x))` of speech with score
/// `s` reach `x`. Integers throughout (Q16 of a ten-thousandth).
struct Evidence {
  private static let one = 1 << 16

  private let timeConstantMs: Int
  private var sums = [Int](repeating: 0, count: Emotion.allCases.count)
  private var segment: Int?
  private var heardMs = 0

  /// No evidence yet. `timeConstantMs` (τ) is positive.
  init(timeConstantMs: Int) {
    self.timeConstantMs = timeConstantMs
  }

  /// Takes in the speech that `judgement` adds; returns where that begins, in milliseconds of the
  /// stream.
  mutating func add(_ judgement: Judgement) -> Int {
    let from = judgement.segment == segment ? max(heardMs, judgement.startMs) : judgement.startMs
    let added = max(0, judgement.endMs - from)
    for entry in judgement.scores.entries {
      let distance = entry.score * Evidence.one - sums[entry.emotion.index]
      sums[entry.emotion.index] += distance * added / (added + timeConstantMs)
    }
    segment = judgement.segment
    heardMs = max(judgement.endMs, from)
    return from
  }

  /// The evidence for `emotion`, in ten-thousandths.
  subscript(emotion: Emotion) -> Int {
    (sums[emotion.index] + Evidence.one / 2) / Evidence.one
  }

  /// The emotion with most evidence; of ties, the first in the vocabulary.
  var leader: Emotion {
    Emotion.named.reduce(.neutral) { sums[$1.index] > sums[$0.index] ? $1 : $0 }
  }

  /// Forgets everything.
  mutating func restart() {
    self = Evidence(timeConstantMs: timeConstantMs)
  }
}
