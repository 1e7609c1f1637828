import Acoustics
import Affect
import Evaluation
import Recognition

/// What `edgectl eval` has found out when everything has been heard.
struct EvalSummary {
  /// What was asked for.
  let command: Eval
  /// What became of each recording.
  let assessed: Assessed
  /// What cut speech.
  let cutting: EnergyDetector.Parameters
  /// Which label was taken for which.
  private(set) var confusion: ConfusionMatrix
  /// How sure the model was, where speech was heard.
  private(set) var confidences: ConfidenceTally
  /// What was made of segments that were not over.
  private(set) var interims: InterimTally
  /// From which confidence on a label counts as said, ten-thousandths.
  let minimumConfidence: Int
  private let frontEnd: FrontEndDefinition

  /// Counts what became of recordings that `model` judged by `labels`.
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

  /// Recordings in which nobody was heard.
  var withoutSpeech: Int { confusion.counts.reduce(0) { $0 + $1.last! } }

  /// Labels that no recording carries.
  var absentLabels: [String] {
    confusion.labels.indices.filter { confusion.support($0) == 0 }.map { confusion.labels[$0] }
  }

  /// How long a segment had been open when the decisions of `row` were made.
  func milliseconds(_ row: InterimTally.Row) -> Int {
    frontEnd.milliseconds(ofFrame: Int(row.frames))
  }
}
