import Acoustics
import Affect
import Evaluation
import Recognition

/// The results of `edgectl eval` over all recordings.
struct EvalSummary {
  /// The options of the command.
  let command: Eval
  /// The result for each recording.
  let assessed: Assessed
  /// Which detector segmented speech.
  let cutting: EnergyDetector.Parameters
  /// The confusion matrix.
  private(set) var confusion: ConfusionMatrix
  /// Confidence of the results, for recordings with speech.
  private(set) var confidences: ConfidenceTally
  /// The interim decisions.
  private(set) var interims: InterimTally
  /// Confidence from which on a label is stated, in ten-thousandths.
  let minimumConfidence: Int
  private let frontEnd: FrontEndDefinition

  /// Summarizes the results for recordings that `model` judged by `labels`.
  init(_ assessed: Assessed, by model: AnyModel, labels: ModelLabels, command: Eval) {
    self.command = command
    self.assessed = assessed
    cutting = model.cutting
    frontEnd = model.frontEnd
    minimumConfidence =
      command.minimumConfidence.map { Int(($0 * 10_000).rounded()) }
      ?? AffectSettings().minimumConfidence
    confusion = ConfusionMatrix(labels: labels.labels)
    confidences = ConfidenceTally(minimumConfidence: minimumConfidence)
    interims = InterimTally(minimumConfidence: minimumConfidence)
    for recording in assessed.recordings {
      let actual = labels.labels.firstIndex(of: recording.entry.label)!
      confusion.add(actual: actual, predicted: recording.predicted)
      if let predicted = recording.predicted {
        confidences.add(confidence: recording.scores[predicted], isRight: predicted == actual)
      }
      for decision in recording.interims { interims.add(decision, actual: actual) }
    }
  }

  /// Number of recordings without speech.
  var withoutSpeech: Int { confusion.counts.reduce(0) { $0 + $1.last! } }

  /// Labels that no recording has.
  var absentLabels: [String] {
    confusion.labels.indices.filter { confusion.support($0) == 0 }.map { confusion.labels[$0] }
  }

  /// How long a segment had been open at the decisions of `row`.
  func milliseconds(_ row: InterimTally.Row) -> Int {
    frontEnd.milliseconds(ofFrame: Int(row.frames))
  }
}
