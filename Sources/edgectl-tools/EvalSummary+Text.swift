import Console
import Evaluation
import Text

extension EvalSummary {
  /// The summary as tables for people.
  var text: String {
    """
    \(TextTable.aligned(facts))
    by class; recall, precision and F1 in %
    \(table(classRows))
    how many of each class were taken for which, none being those without speech
    \(table(confusionRows))
    """ + (command.interim ? interimText : "")
  }

  private var facts: [(String, String)] {
    var facts = [
      ("model", command.model), ("list", list), ("speech", cut),
      ("recordings", "\(confusion.total)"), ("without speech", "\(withoutSpeech)"),
      ("unreadable", "\(assessed.unreadable.count)"),
      ("accuracy", "\(percent(confusion.accuracy)) %"),
      ("UAR", "\(percent(confusion.unweightedAverageRecall)) %"),
      ("calibration error", confidences.calibrationError.map { "\(percent($0)) %" } ?? "none"),
    ]
    if command.recording.gain != 0 {
      facts.insert(("gain", "\(command.recording.gain) dB"), at: 3)
    }
    if command.isOfDaemon { facts.append(("said", said)) }
    return facts
  }

  private var list: String { command.manifest == "-" ? "standard input" : command.manifest }

  private var cut: String {
    let kind = cutting.hasNetwork ? "a network" : "energy"
    let file = command.detector.path.map { ", \($0)" } ?? ""
    let detector = "by \(kind), version \(cutting.version)\(file)"
    return command.whole
      ? "whole recordings; detected \(detector), only for the talker's baseline"
      : "detected \(detector)"
  }

  private var said: String {
    let confidence = decimal(Double(minimumConfidence) / 10_000, places: 2)
    let right = confidences.said > 0 ? ", \(rightOfSaid(confidences)) % of it right" : ""
    let said = share(confidences.said, confusion.total)
    return "\(said) % with a confidence of \(confidence) or more\(right)"
  }

  private var classRows: [[String]] {
    [["", "recall", "precision", "F1", "recordings"]]
      + confusion.labels.indices.map { label in
        let shares = [confusion.recall(label), confusion.precision(label), confusion.f1(label)]
        return [confusion.labels[label]] + shares.map { $0.map(percent) ?? "" }
          + ["\(confusion.support(label))"]
      }
  }

  private var confusionRows: [[String]] {
    [[""] + confusion.labels + ["none"]]
      + zip(confusion.labels, confusion.counts).map { label, counts in
        [label] + counts.map { "\($0)" }
      }
  }

  private var interimText: String {
    guard !interims.rows.isEmpty else {
      return "\nnothing was decided while somebody still talked\n"
    }
    let header = ["seconds", "decisions", "accuracy", "calibration error", "said", "right of said"]
    let rows = interims.rows.map { row in
      let confidences = row.confidences
      return [
        decimal(Double(milliseconds(row)) / 1000, places: 2), "\(confidences.decisions)",
        share(confidences.right, confidences.decisions),
        percent(confidences.calibrationError ?? 0),
        share(confidences.said, confidences.decisions), rightOfSaid(confidences),
      ]
    }
    return """

      while somebody still talked, by how long a segment had been open, in %
      \(TextTable(leftAligned: []).text([header] + rows))
      """
  }

  private func table(_ rows: [[String]]) -> String { TextTable(leftAligned: [0]).text(rows) }

  private func rightOfSaid(_ confidences: ConfidenceTally) -> String {
    confidences.said > 0 ? share(confidences.rightOfSaid, confidences.said) : ""
  }

  private func share(_ part: Int, _ whole: Int) -> String {
    percent(Double(part) / Double(whole))
  }

  private func percent(_ share: Double) -> String { decimal(share * 100, places: 1) }
}
