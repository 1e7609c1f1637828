import Foundation
import JSON
import ModelFile
import TestSupport
import Testing

/// `edgectl eval`: with a speech detector that is not the model's own, and of interim decisions.
@Suite(.waiting) struct EvalTests {
  private let tools = Program(name: "edgectl-tools")
  private let speech = Speech()
  private let model = Repository.root.appending(path: "models/emotion.edge").path
  private let detector = Repository.root.appending(path: "models/detector.edge").path

  /// A list of one recording, the same at every call.
  private func list() throws -> String {
    let list = speech.folder.path("list.tsv")
    if FileManager.default.fileExists(atPath: list) { return list }
    return try speech.folder.file("list.tsv", "\(speech.file())\tangry\n")
  }

  /// The lines of the recordings, and the summary.
  private func eval(
    _ model: String, _ options: String...
  ) throws -> (recordings: [JSONValue], summary: JSONValue) {
    let outcome = try tools.run(["eval", model, "--manifest", list()] + options)
    #expect(outcome.status == 0, "\(outcome.error)")
    let lines = try outcome.lines.map { try JSONValue(parsing: Array($0.utf8)) }
    return (lines.dropLast(), try #require(lines.last))
  }

  /// The model with the detector put into its file.
  private func modelWithDetector() throws -> String {
    let detector = try LoadedDetector(path: detector)
    var parameters = try LoadedModel(path: model).model.recognition.parameters
    parameters.detector = detector.parameters.detector
    let path = speech.folder.path("with-detector.edge")
    try Repository.rewrite(model, to: path, adding: detector.sections) { kind, section in
      kind == .recognition ? withUnsafeBytes(of: parameters) { Array($0) } : section
    }
    return path
  }

  @Test func cutsSpeechOfADevicesModelAsIfTheDetectorWereInItsFile() throws {
    let other = try eval(model, "--detector", detector)
    let whole = try eval(modelWithDetector())
    #expect(other.recordings == whole.recordings)
    #expect(other.summary["segments"] == whole.summary["segments"])
    #expect(try other.recordings != eval(model).recordings)
  }

  @Test func namesTheDetectorThatCut() throws {
    let own = try eval(model, "--summary").summary["detector"]
    #expect(own?["kind"]?.string == "energy" && own?["path"] == nil)
    let other = try eval(model, "--summary", "--detector", detector).summary["detector"]
    #expect(other?["kind"]?.string == "network" && other?["version"]?.integer == 2)
    #expect(other?["path"]?.string == detector)
  }

  @Test(arguments: ["bin", "edge"]) func aDetectorIsNoModel(kind: String) throws {
    let file = Repository.root.appending(path: "models/detector.\(kind)").path
    let outcome = try tools.run(["eval", file, "--manifest", list()])
    #expect(outcome.status == 1)
    #expect(outcome.error.contains("names no emotions"), "\(outcome.error)")
    #expect(outcome.output == "")
  }

  @Test func saysHowSureTheModelIsAndWhatWouldBeSaid() throws {
    let own = try eval(model)
    let recording = try #require(own.recordings.first)
    let scores = try #require(recording["scores"]?.object).members
    let confidence = try #require(scores.compactMap(\.value.number).max())
    let isRight = recording["predicted"]?.string == "angry"
    let error = try #require(own.summary["calibration_error"]?.number)
    #expect(abs(error - abs((isRight ? 1 : 0) - confidence)) < 1e-4)
    #expect(own.summary["minimum_confidence"]?.number == 0.4)
    #expect(own.summary["said"]?.number == (confidence >= 0.4 ? 1 : 0))
    let certain = try eval(model, "--minimum-confidence", "1", "--summary").summary
    #expect(certain["said"]?.number == 0 && certain["right_of_said"] == .null)
    let bold = try eval(model, "--minimum-confidence", "0", "--summary").summary
    #expect(bold["said"]?.number == 1 && bold["right_of_said"]?.number == (isRight ? 1 : 0))
  }

  @Test func wholeRecordingsAndClassesAreNothingThatTheDaemonSays() throws {
    for option in ["--whole", "--classes"] {
      let summary = try eval(model, "--summary", option).summary
      #expect(summary["calibration_error"]?.number != nil)
      #expect(summary["said"] == nil && summary["right_of_said"] == nil)
      let outcome = try tools.run([
        "eval", model, "--manifest", list(), "--minimum-confidence", "0.5", option,
      ])
      #expect(outcome.status == 64)
      #expect(outcome.error.contains("leave out --whole and --classes"), "\(outcome.error)")
    }
  }

  @Test func saysWhichLabelsDoNotOccur() throws {
    let outcome = try tools.run(["eval", model, "--manifest", list(), "--summary"])
    #expect(
      outcome.error
        == "edgectl: no recording is labelled disgust, fear, happy, neutral, sad; uar is over the other labels.\n"
    )
    let summary = try JSONValue(parsing: Array(#require(outcome.lines.last).utf8))
    #expect(summary["classes"]?["fear"]?["recall"] == .null)
    #expect(summary["classes"]?["fear"]?["f1"] == .null)
    #expect(summary["classes"]?["angry"]?["recall"]?.number != nil)
  }

  @Test func namesTheRecordingWithoutSpeech() throws {
    let quiet = try speech.quietRoom()
    let list = try speech.folder.file("quiet.tsv", "\(quiet)\tangry\n")
    let outcome = try tools.run(["eval", model, "--manifest", list, "--summary"])
    #expect(outcome.status == 0)
    #expect(
      outcome.error.contains("no speech was heard in 1 of 1 recordings, which counts as wrong"))
    #expect(outcome.error.contains("the first is \(quiet)."))
    let summary = try JSONValue(parsing: Array(#require(outcome.lines.last).utf8))
    #expect(summary["calibration_error"] == .null && summary["said"]?.number == 0)
  }

  @Test func namesTheRecordingThatIsTooLoud() throws {
    let own = try tools.run(["eval", model, "--manifest", list(), "--summary"])
    #expect(!own.error.contains("too loud"), "\(own.error)")
    let asked = try tools.run(["eval", model, "--manifest", list(), "--summary", "--gain=40"])
    #expect(!asked.error.contains("too loud"), "\(asked.error)")
    let recording = try speech.tooLoud(speech.file())
    let louder = try speech.folder.file("loud.tsv", "\(recording)\tangry\n")
    let loud = try tools.run(["eval", model, "--manifest", louder, "--summary"])
    #expect(loud.status == 0)
    #expect(
      loud.error.contains(
        "too loud, with peaks cut at full scale: 1 of 1 recordings, of which less is understood; record them with less gain. The first is \(recording)."
      ), "\(loud.error)")
  }

  @Test func hearsTheOthersWhereRecordingsCannotBeRead() throws {
    let clip = try speech.file()
    let text = try speech.folder.file("notes.wav", "This is no recording.")
    let good = "\(clip)\tangry\tann\n\(clip)\tsad\tann\n"
    let whole = try speech.folder.file("whole.tsv", good)
    let list = try speech.folder.file(
      "holes.tsv",
      "missing.wav\tfear\n\(clip)\tangry\tann\n\(text)\thappy\tann\n\(clip)\tsad\tann\n")
    let (all, holes) = try (
      tools.run(["eval", model, "--manifest", whole]),
      tools.run(["eval", model, "--manifest", list])
    )
    #expect(all.status == 0 && holes.status == 1)
    // In a session, as if it were not there.
    #expect(holes.lines.count == 3 && holes.lines.dropLast() == all.lines.dropLast())
    let notes = holes.error.split(separator: "\n")
    #expect(notes.count == 3, "\(holes.error)")
    #expect(notes[0].hasPrefix("edgectl: \(list):1: cannot read "))
    #expect(notes[1].hasPrefix("edgectl: \(list):3: \(text) is not audio"))
    #expect(notes[2].hasPrefix("edgectl: no recording that can be read is labelled disgust, fear,"))
    let (expected, summary) = try (
      JSONValue(parsing: #require(all.lines.last)), JSONValue(parsing: #require(holes.lines.last))
    )
    #expect(expected["unreadable"]?.integer == 0 && summary["unreadable"]?.integer == 2)
    for key in ["recordings", "accuracy", "uar", "confusion", "classes"] {
      #expect(summary[key] == expected[key], "\(key)")
    }
  }

  @Test func refusesAConfidenceThatIsNone() throws {
    let outcome = try tools.run([
      "eval", model, "--manifest", list(), "--minimum-confidence", "-0.1",
    ])
    #expect(outcome.status == 64)
    #expect(outcome.error.contains("--minimum-confidence must be 0 to 1."), "\(outcome.error)")
  }

  @Test func measuresInterimDecisionsAsTheEventsOfClassify() throws {
    let clip = try speech.file(
      "I have been waiting for more than an hour now and nobody has told me anything about it since I called you"
    )
    let rows = try interims(of: clip, model)
    var starts: [Int: Int] = [:]
    var counted: [Int: (decisions: Int, right: Int, said: Int, rightOfSaid: Int)] = [:]
    for line in try tools.run(["classify", "--model", model, "--json", clip]).lines {
      let event = try JSONValue(parsing: Array(line.utf8))
      guard let segment = event["segment"]?.integer else { continue }
      if event["type"]?.string == "speech_start" { starts[segment] = event["start_ms"]?.integer }
      guard event["final"]?.bool == false, let end = event["end_ms"]?.integer else { continue }
      let open = try end - #require(starts[segment])
      let scores = try #require(event["scores"]?.object).members
      let best = scores.max { $0.value.number! < $1.value.number! }
      counted[open, default: (0, 0, 0, 0)].decisions += 1
      counted[open]!.right += best?.key == "angry" ? 1 : 0
      counted[open]!.rightOfSaid += event["label"]?.string == "angry" ? 1 : 0
      counted[open]!.said += event["label"]?.string == "unknown" ? 0 : 1
    }
    #expect(rows.compactMap { $0["segment_ms"]?.integer } == counted.keys.sorted())
    #expect(counted.keys.max()! > 4000, "no decision beyond the model's context")
    for row in rows {
      let open = try #require(row["segment_ms"]?.integer)
      let expected = try #require(counted[open])
      #expect(row["decisions"]?.integer == expected.decisions)
      let accuracy = try #require(row["accuracy"]?.number)
      #expect(abs(accuracy - Double(expected.right) / Double(expected.decisions)) < 1e-4)
      let said = try #require(row["said"]?.number)
      #expect(abs(said - Double(expected.said) / Double(expected.decisions)) < 1e-4)
      #expect((row["right_of_said"] == .null) == (expected.said == 0))
      let right = (row["right_of_said"]?.number ?? 0) * Double(expected.said)
      #expect(abs(right - Double(expected.rightOfSaid)) < 1e-3)
    }
  }

  @Test func measuresInterimDecisionsOfAFloatModelAtTheSameTimes() throws {
    let clip = try speech.file("Nobody has told me anything.")
    let float = Repository.root.appending(path: "models/model.bin").path
    let times = try [model, float].map { try interims(of: clip, $0).map { $0["segment_ms"] } }
    #expect(!times[0].isEmpty)
    #expect(times[0] == times[1])
  }

  @Test func measuresInterimDecisionsOnlyWhereAskedAndWhereSomebodySpeaks() throws {
    #expect(try eval(model, "--summary").summary["interim"] == nil)
    #expect(try interims(of: speech.quietRoom(), model) == [])
    for option in ["--whole", "--classes"] {
      let outcome = try tools.run(["eval", model, "--manifest", list(), "--interim", option])
      #expect(outcome.status == 64)
      #expect(outcome.error.contains("leave out --whole and --classes"), "\(outcome.error)")
    }
  }

  /// The figures of interim decisions on one recording of somebody angry.
  private func interims(of clip: String, _ model: String) throws -> [JSONValue] {
    let list = try speech.folder.file("\(UUID().uuidString).tsv", "\(clip)\tangry\n")
    let outcome = try tools.run(["eval", model, "--manifest", list, "--summary", "--interim"])
    #expect(outcome.status == 0, "\(outcome.error)")
    let summary = try JSONValue(parsing: Array(#require(outcome.lines.last).utf8))
    return try #require(summary["interim"]?.array)
  }

  @Test func refusesAFileThatHasNoNetworkThatHearsSpeech() throws {
    let outcome = try tools.run(["eval", model, "--manifest", list(), "--detector", model])
    #expect(outcome.status == 1)
    #expect(outcome.error.contains("\(model) has no network that hears speech"), "\(outcome.error)")
    #expect(outcome.error.split(separator: "\n").count == 1)
  }
}
