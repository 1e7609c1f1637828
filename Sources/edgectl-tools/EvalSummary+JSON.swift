import Evaluation
import JSON

extension EvalSummary {
  /// The line of a recording.
  func json(_ recording: AssessedRecording) -> JSONValue {
    let labels = confusion.labels
    let scores = zip(labels, recording.scores).map { label, score in
      JSONObject.Member(key: label, value: .number(Double(score) / 10_000))
    }
    var line = JSONObject()
    line["path"] = .string(recording.entry.path)
    line["label"] = .string(recording.entry.label)
    line["predicted"] = .string(recording.predicted.map { labels[$0] } ?? "none")
    line["scores"] = .object(JSONObject(scores))
    if let session = recording.entry.session { line["session"] = .string(session) }
    return .object(line)
  }

  /// The line of the summary.
  var json: JSONValue {
    var line = JSONObject()
    line["model"] = .string(command.model)
    line["manifest"] = .string(command.manifest)
    line["detector"] = detectorLine
    line["segmentation"] = command.whole ? "whole" : "live"
    line["gain_db"] = .number(command.recording.gain)
    line["recordings"] = .integer(confusion.total)
    line["unreadable"] = .integer(assessed.unreadable.count)
    line["segments"] = .integer(assessed.recordings.reduce(0) { $0 + $1.segments })
    line["without_speech"] = .integer(withoutSpeech)
    line["accuracy"] = rounded(confusion.accuracy)
    line["uar"] = rounded(confusion.unweightedAverageRecall)
    line["classes"] = classLines
    line["confusion"] = confusionLines
    line["confusion_columns"] = .array((confusion.labels + ["none"]).map { .string($0) })
    line["calibration_error"] = confidences.calibrationError.map(rounded) ?? .null
    if command.isOfDaemon {
      line["minimum_confidence"] = .number(Double(minimumConfidence) / 10_000)
      line["said"] = share(confidences.said, confusion.total)
      line["right_of_said"] = rightOfSaid(confidences)
    }
    if command.interim { line["interim"] = interimLines }
    return .object(line)
  }

  private var classLines: JSONValue {
    let lines = confusion.labels.indices.map { label in
      JSONObject.Member(
        key: confusion.labels[label],
        value: [
          "precision": confusion.precision(label).map(rounded) ?? .null,
          "recall": confusion.recall(label).map(rounded) ?? .null,
          "f1": confusion.f1(label).map(rounded) ?? .null,
          "support": .integer(confusion.support(label)),
        ])
    }
    return .object(JSONObject(lines))
  }

  private var confusionLines: JSONValue {
    let lines = confusion.labels.indices.map { label in
      JSONObject.Member(
        key: confusion.labels[label],
        value: .array(confusion.counts[label].map { .integer($0) }))
    }
    return .object(JSONObject(lines))
  }

  private var interimLines: JSONValue {
    let lines: [JSONValue] = interims.rows.map { row in
      let confidences = row.confidences
      return [
        "segment_ms": .integer(milliseconds(row)),
        "decisions": .integer(confidences.decisions),
        "accuracy": share(confidences.right, confidences.decisions),
        "calibration_error": rounded(confidences.calibrationError ?? 0),
        "said": share(confidences.said, confidences.decisions),
        "right_of_said": rightOfSaid(confidences),
      ]
    }
    return .array(lines)
  }

  /// The detector in the words of `edgectl inspect`, and its file if one was named.
  private var detectorLine: JSONValue {
    var line = JSONObject()
    line["kind"] = .string(cutting.hasNetwork ? "network" : "energy")
    line["version"] = .integer(Int(cutting.version))
    if let path = command.detector.path { line["path"] = .string(path) }
    return .object(line)
  }

  private func rightOfSaid(_ confidences: ConfidenceTally) -> JSONValue {
    confidences.said > 0 ? share(confidences.rightOfSaid, confidences.said) : .null
  }

  private func share(_ part: Int, _ whole: Int) -> JSONValue {
    rounded(Double(part) / Double(whole))
  }

  private func rounded(_ value: Double) -> JSONValue {
    .number((value * 10_000).rounded() / 10_000)
  }
}
