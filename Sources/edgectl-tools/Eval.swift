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
      The list has one recording per line: path, label and, optionally, session, separated by tabs. Blank lines and lines that \
      begin with # are left out. Recordings of a session are heard in order with one talker's baseline; a recording without a \
      session is heard alone. Wrong lines of the list are reported before anything is heard.

      Prints one JSON line per recording, then one object with the summary, which names the detector that cut the speech. On a \
      terminal and with --readable, it prints tables of the summary for people instead.

      A recording is judged by the mean of its segments' logits, weighted by their lengths. A recording in which no speech is \
      detected counts as wrong. A recording that cannot be read is reported, counts neither as right nor as wrong, and is absent \
      from its session. The others are heard all the same, the summary says how many were unreadable, and the exit status is 1.

      uar is over the labels that occur. calibration_error is how much confidence and accuracy differ where speech was heard, in \
      ten bins: by chance 0.03 for 700 recordings, more for fewer. said is the share of all recordings of which the model is \
      sure enough (for a segment of which it is less sure, the daemon says unknown). right_of_said is the share of these that \
      was right.

      With --interim the summary has the same for the decisions that are made while somebody is still talking, by how long a \
      segment had been open. It also has accuracy, the share of these decisions that named the right label. Beyond the model's \
      context, such a decision is only about the part at hand.
      """)

  @Argument(help: "An int8 .edge file, or a float model.bin.", completion: .file())
  var model: String

  @Option(
    help: ArgumentHelp(
      "The list of labelled recordings; - is standard input, with paths relative to the working folder.",
      valueName: "list.tsv"), completion: .file())
  var manifest: String

  @OptionGroup var detector: DetectorOption

  @Flag(
    help:
      "Classify whole recordings; the detected speech only teaches the talker's baseline. This gives a second figure, not the device's."
  )
  var whole = false

  @Flag(help: "Also measure the decisions made while somebody is still talking.")
  var interim = false

  @Flag(help: "Judge the model's own classes instead of the labels that they are published as.")
  var classes = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The confidence from which a label counts as said, 0 to 1; if not given, 0.4 as in edged.toml.",
      valueName: "share"))
  var minimumConfidence: Double?

  @Option(
    name: .shortAndLong,
    help:
      "How many recordings to process at the same time; if not given, one per processor."
  )
  var jobs: Int?

  @OptionGroup var form: OutputForm

  @Flag(help: "Print only the summary; output for people has nothing else.")
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
