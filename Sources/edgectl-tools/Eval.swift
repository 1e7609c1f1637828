import ArgumentParser
import Console
import Evaluation
import Foundation
import Recognition

/// `edgectl eval`: measures a model on labelled recordings.
struct Eval: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure a model on labelled recordings, as the device would hear them.",
    discussion: """
      The list has one recording a line: path, label and, optionally, session, separated by tabs; lines that begin with # are left out. Recordings of a session are \
      heard in order with one talker's baseline; one without a session is heard alone. One JSON line per recording is \
      printed, then one object with the summary, which names the detector that cut their speech. On a terminal and with --readable it \
      shows people tables of the summary instead. \
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
    help: ArgumentHelp(
      "The labelled recordings; - is standard input, whose relative paths count from the working folder.",
      valueName: "list.tsv"), completion: .file())
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

  @OptionGroup var form: OutputForm

  @Flag(help: "Print the summary only, as people are shown anyway.")
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

  /// Whether decisions and labels are those of the daemon.
  var isOfDaemon: Bool { !whole && !classes }

  func run() throws {
    let model = try AnyModel(path: model, detector: detector.load())
    let segmentation: Segmentation = whole ? .whole : .detected
    let labels = classes ? model.labels.unmerged : model.labels
    let list = try Manifest.namingWrongLines {
      try manifest == "-"
        ? Manifest(standardInputLabelled: labels)
        : Manifest(path: manifest, labels: labels)
    }
    let progress = ProgressLine(total: list.entries.count, what: "recordings")
    defer { progress.finish() }
    let assessed = try Assessment(list, labels: labels).run(
      jobs: jobs ?? ProcessInfo.processInfo.activeProcessorCount,
      makeJudge: { model.makeJudge(segmentation, withInterims: interim) },
      samples: { try recording.samples($0) }, progress: { progress.advance() })
    progress.finish()
    for recording in assessed.unreadable { StandardError.note("\(recording)") }
    // Without recordings there are no figures.
    guard !assessed.recordings.isEmpty else { throw ExitCode.failure }

    try write(EvalSummary(assessed, by: model, labels: labels, command: self))
    guard assessed.unreadable.isEmpty else { throw ExitCode.failure }
  }

  private func write(_ result: EvalSummary) throws {
    if !summary, !form.isReadable {
      for recording in result.assessed.recordings {
        try StandardOutput.line(result.json(recording))
      }
    }
    result.note()
    try form.isReadable
      ? StandardOutput.text(result.text) : StandardOutput.line(result.json)
  }
}
