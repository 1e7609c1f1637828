import Acoustics
import Affect
import ArgumentParser
import Console
import Evaluation
import Foundation
import JSON
import Recognition

/// `edgectl eval`: a model measured on labelled recordings.
struct Eval: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure a model on labelled recordings, as the device would hear them.",
    discussion: """
      The list has one recording a line: path, label and, optionally, session, separated by tabs. Recordings of a session are \
      heard in order with one talker's baseline; one without a session is heard alone. One JSON line per recording is \
      printed, then one object with the summary, which names the detector that cut their speech. \
      A recording in which no speech is detected counts as wrong; uar is over the labels that occur. \
      A recording that cannot be read is named, counts neither as right nor as wrong and is absent from its session; the others are \
      heard all the same, the summary says how many were unreadable, and the exit status is 1. Lines of the list that are wrong are named \
      before anything is heard. \
      A recording is judged by the mean of its segments' logits, weighted by their lengths. calibration_error is by how much confidence and \
      accuracy differ where speech was heard, in ten bins: 0.03 by chance for 700 recordings, more for fewer. said is which share of all \
      recordings the model is sure enough of (of a segment that it is less sure of the daemon says unknown), and right_of_said, how much of \
      that was right. With --interim the summary has the same of the decisions that are made while \
      somebody still talks, by how long a segment had been open, and accuracy, which share of them named the right label. \
      Beyond the model's context such a decision is on the part at hand only.
      """)

  @Argument(help: "An int8 .edge file, or a float model.bin.", completion: .file())
  var model: String

  @Option(
    help: ArgumentHelp("The labelled recordings.", valueName: "list.tsv"), completion: .file())
  var manifest: String

  @OptionGroup var detector: DetectorOption

  @Flag(help: "Hear whole recordings, without detecting speech. A second figure, not the device's.")
  var whole = false

  @Flag(help: "Also measure the decisions that are made while somebody still talks.")
  var interim = false

  @Flag(help: "Judge the model's own classes rather than the labels that they are published as.")
  var classes = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "From which confidence on a label counts as said, 0 to 1; 0.4 when not given, as in edged.toml.",
      valueName: "share"))
  var minimumConfidence: Double?

  @Option(
    name: .shortAndLong,
    help:
      "How many recordings to hear at the same time; as many as there are processors when not given."
  )
  var jobs: Int?

  @Flag(help: "Print the summary only.")
  var summary = false

  @OptionGroup var recording: RecordingOptions

  func validate() throws {
    guard (1...256).contains(jobs ?? 1) else { throw ValidationError("--jobs must be 1 to 256.") }
    guard (0...1).contains(minimumConfidence ?? 0) else {
      throw ValidationError("--minimum-confidence must be 0 to 1.")
    }
    guard isOfDaemon || !interim && minimumConfidence == nil else {
      throw ValidationError(
        "--interim and --minimum-confidence are about what the daemon would say; leave out --whole and --classes."
      )
    }
  }

  /// Whether what is heard and named is what the daemon would hear and name.
  private var isOfDaemon: Bool { !whole && !classes }

  func run() throws {
    let model = try AnyModel(path: model, detector: detector.load())
    let segmentation: Segmentation = whole ? .whole : .detected
    let labels = classes ? model.labels.unmerged : model.labels
    let list = try Manifest.namingWrongLines {
      try Manifest(path: manifest, labels: labels.labels)
    }
    let progress = ProgressLine(total: list.entries.count, what: "recordings")
    defer { progress.finish() }
    let assessed = try Assessment(list, labels: labels).run(
      jobs: jobs ?? ProcessInfo.processInfo.activeProcessorCount,
      makeJudge: { model.makeJudge(segmentation, withInterims: interim) },
      samples: { try recording.samples($0) }, progress: { progress.advance() })
    progress.finish()
    for recording in assessed.unreadable { StandardError.note("\(recording)") }
    let recordings = assessed.recordings
    // Of nothing there are no figures.
    guard !recordings.isEmpty else { throw ExitCode.failure }

    var confusion = ConfusionMatrix(labels: labels.labels)
    let minimum =
      minimumConfidence.map { Int(($0 * 10_000).rounded()) } ?? AffectSettings().minimumConfidence
    var confidences = ConfidenceTally(minimumConfidence: minimum)
    var tally = InterimTally(minimumConfidence: minimum)
    for recording in recordings {
      let actual = labels.labels.firstIndex(of: recording.entry.label)!
      confusion.add(actual: actual, predicted: recording.predicted)
      if let predicted = recording.predicted {
        confidences.add(confidence: recording.scores[predicted], isRight: predicted == actual)
      }
      for decision in recording.interims { tally.add(decision, actual: actual) }
      if !summary { try StandardOutput.line(line(recording, labels.labels)) }
    }
    noteSilence(recordings)
    noteLoudness(recordings)
    noteAbsence(
      of: confusion.labels.indices.filter { confusion.support($0) == 0 }, confusion,
      isComplete: assessed.unreadable.isEmpty)
    var line = summaryLine(
      confusion, cutting: model.cutting, segments: recordings.reduce(0) { $0 + $1.segments },
      unreadable: assessed.unreadable.count)
    line["calibration_error"] = confidences.calibrationError.map(rounded) ?? .null
    if isOfDaemon {
      line["minimum_confidence"] = .number(Double(minimum) / 10_000)
      line["said"] = share(confidences.said, recordings.count)
      line["right_of_said"] = rightOfSaid(confidences)
    }
    if interim { line["interim"] = interimLines(tally, of: model.frontEnd) }
    try StandardOutput.line(JSONValue.object(line))
    guard assessed.unreadable.isEmpty else { throw ExitCode.failure }
  }

  private func noteSilence(_ recordings: [AssessedRecording]) {
    let silent = recordings.filter { $0.predicted == nil }
    guard let first = silent.first else { return }
    StandardError.note(
      "no speech was heard in \(silent.count) of \(recordings.count) recordings, which counts as wrong; the first is \(first.entry.path)."
    )
  }

  private func noteLoudness(_ recordings: [AssessedRecording]) {
    // What --gain has cut was asked for.
    let loud = recording.gain > 0 ? [] : recordings.filter(\.isTooLoud)
    guard let first = loud.first else { return }
    StandardError.note(
      "too loud, with peaks cut at full scale: \(loud.count) of \(recordings.count) recordings, of which less is understood; record them with less gain. The first is \(first.entry.path)."
    )
  }

  private func noteAbsence(of absent: [Int], _ confusion: ConfusionMatrix, isComplete: Bool) {
    guard !absent.isEmpty else { return }
    let names = absent.map { confusion.labels[$0] }.joined(separator: ", ")
    let recording = isComplete ? "recording" : "recording that can be read"
    StandardError.note("no \(recording) is labelled \(names); uar is over the other labels.")
  }

  private func interimLines(_ tally: InterimTally, of frontEnd: FrontEndDefinition) -> JSONValue {
    let lines: [JSONValue] = tally.rows.map { row in
      let confidences = row.confidences
      return [
        "segment_ms": .integer(frontEnd.milliseconds(ofFrame: Int(row.frames))),
        "decisions": .integer(confidences.decisions),
        "accuracy": share(confidences.right, confidences.decisions),
        "calibration_error": rounded(confidences.calibrationError ?? 0),
        "said": share(confidences.said, confidences.decisions),
        "right_of_said": rightOfSaid(confidences),
      ]
    }
    return .array(lines)
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

  private func line(_ recording: AssessedRecording, _ labels: [String]) -> JSONValue {
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

  private func summaryLine(
    _ confusion: ConfusionMatrix, cutting: EnergyDetector.Parameters, segments: Int,
    unreadable: Int
  ) -> JSONObject {
    let perClass = confusion.labels.indices.map { label in
      JSONObject.Member(
        key: confusion.labels[label],
        value: [
          "precision": rounded(confusion.precision(label)),
          "recall": confusion.support(label) > 0 ? rounded(confusion.recall(label)) : .null,
          "f1": confusion.support(label) > 0 ? rounded(confusion.f1(label)) : .null,
          "support": .integer(confusion.support(label)),
        ])
    }
    let rows = confusion.labels.indices.map { label in
      JSONObject.Member(
        key: confusion.labels[label],
        value: .array(confusion.counts[label].map { .integer($0) }))
    }
    var line = JSONObject()
    line["model"] = .string(model)
    line["manifest"] = .string(manifest)
    line["detector"] = detectorLine(cutting)
    line["segmentation"] = whole ? "whole" : "live"
    line["gain_db"] = .number(recording.gain)
    line["recordings"] = .integer(confusion.total)
    line["unreadable"] = .integer(unreadable)
    line["segments"] = .integer(segments)
    line["without_speech"] = .integer(confusion.counts.reduce(0) { $0 + $1.last! })
    line["accuracy"] = rounded(confusion.accuracy)
    line["uar"] = rounded(confusion.unweightedAverageRecall)
    line["classes"] = .object(JSONObject(perClass))
    line["confusion"] = .object(JSONObject(rows))
    line["confusion_columns"] = .array((confusion.labels + ["none"]).map { .string($0) })
    return line
  }

  /// The detector in the words of `edgectl inspect`, and its file where one was named.
  private func detectorLine(_ cutting: EnergyDetector.Parameters) -> JSONValue {
    var line = JSONObject()
    line["kind"] = .string(cutting.hasNetwork ? "network" : "energy")
    line["version"] = .integer(Int(cutting.version))
    if let path = detector.path { line["path"] = .string(path) }
    return .object(line)
  }
}
