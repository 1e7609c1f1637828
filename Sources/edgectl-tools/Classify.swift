import Affect
import Announcement
import ArgumentParser
import Console
import EventStream
import Evaluation
import ModelFile
import Recognition

/// `edgectl classify`: the device's path over recordings.
struct Classify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Process recordings as the device would, and print its events.",
    discussion: """
      Prints what edged would publish while it heard each recording: one JSON line per event, with the file's name as that of \
      the stream. On a terminal and with --readable, it prints each segment's result for people instead: from when to when \
      somebody spoke, the emotion, its confidence, and the level. Times in an event count from the start of the recording. Each \
      recording counts as a different talker. Reads WAV, FLAC, Ogg, Opus and every other format that libsndfile knows. If a file \
      cannot be read, the command names it, processes the others, and exits with status 1.
      """)

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The device's model.", valueName: "model.edge"),
    completion: .file(extensions: ["edge"]))
  var model = LoadedModel.installedPath

  @OptionGroup var form: OutputForm

  @Flag(help: "Leave out interim results.")
  var final = false

  @OptionGroup var recording: RecordingOptions

  @Argument(
    help: ArgumentHelp("Recordings; - is standard input.", valueName: "file"), completion: .file())
  var files: [String]

  func run() throws {
    let isReadable = form.isReadable
    let loaded = try LoadedModel(path: model)
    let judge = DeviceModelJudges(loaded).makeJudge(.detected)
    let labels = try LabelMap(labels: loaded.model.labels.map(\.label))
    let hop = loaded.model.frontEnd.definition.hop
    var encoder = LineEncoder(run: .random())
    try recording.forEach(files) { file, heard in
      let samples = heard.samples
      var announcer = SpeechAnnouncer(
        stream: file == "-" ? "stdin" : Classify.stream(file),
        classCount: loaded.model.labels.count,
        frontEnd: loaded.model.frontEnd.definition,
        interpreter: Interpreter(role: .caller, labels: labels))
      judge.restart()
      var events: [Event] = []
      judge.hear(samples) { events += announcer.events(for: $0) }
      // As from a device that delivers no more.
      events += announcer.finish(atFrame: Int64(samples.count) / Int64(hop))
      if isReadable, !events.isEmpty { try StandardOutput.line(SegmentLines.heading(file)) }
      for event in events where isWanted(event) {
        if isReadable {
          if let line = SegmentLines.line(event) { try StandardOutput.line(line) }
        } else {
          try StandardOutput.write(encoder.line(for: event) + Array("\n".utf8))
        }
      }
      if events.isEmpty { RecordingNotes.noSpeech(file, heard) }
      // Clipping caused by --gain was asked for.
      if recording.gain <= 0, FullScale.isReached(in: samples) { RecordingNotes.tooLoud(file) }
    }
  }

  /// A file's name as far as an event has room: the end of a long path, which distinguishes files.
  private static func stream(_ path: String) -> String {
    guard path.utf8.count > 64 else { return path }
    var end = Substring(path)
    while end.utf8.count > 60 { end.removeFirst() }
    return "…" + end
  }

  private func isWanted(_ event: Event) -> Bool {
    if final, case .emotion(let judgement) = event.content { return judgement.isFinal }
    return true
  }
}
