import Foundation
import JSON
import ModelFile
import TestSupport
import Testing

/// `edgectl eval` with a speech detector that is not the model's own.
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

  @Test func saysWhatInterimDecisionsAreWorthAsTheEventsOfClassify() throws {
    let rows = try #require(eval(model, "--summary", "--interim").summary["interim"]?.array)
    let events = try tools.run(["classify", "--model", model, "--json", speech.file()]).lines
      .map { try JSONValue(parsing: Array($0.utf8)) }
      .filter { $0["type"]?.string == "emotion" && $0["final"]?.bool == false }
    #expect(!events.isEmpty)
    var counted: [Int: (decisions: Int, right: Int, said: Int)] = [:]
    for event in events {
      let start = try #require(event["start_ms"]?.integer),
        end = try #require(event["end_ms"]?.integer)
      let said = event["label"]?.string
      counted[end - start, default: (0, 0, 0)].decisions += 1
      counted[end - start]!.right += said == "angry" ? 1 : 0
      counted[end - start]!.said += said == "unknown" ? 0 : 1
    }
    #expect(rows.compactMap { $0["heard_ms"]?.integer } == counted.keys.sorted())
    for row in rows {
      let heard = try #require(row["heard_ms"]?.integer)
      let expected = try #require(counted[heard])
      #expect(row["decisions"]?.integer == expected.decisions)
      let said = try #require(row["said"]?.number)
      #expect(abs(said - Double(expected.said) / Double(expected.decisions)) < 1e-4)
      let right = try #require(row["right_of_said"]?.number) * Double(expected.said)
      #expect(abs(right - Double(expected.right)) < 1e-3)
    }
    #expect(try eval(model, "--summary").summary["interim"] == nil)
  }

  @Test func refusesAFileThatHasNoNetworkThatHearsSpeech() throws {
    let outcome = try tools.run(["eval", model, "--manifest", list(), "--detector", model])
    #expect(outcome.status == 1)
    #expect(outcome.error.contains("\(model) has no network that hears speech"), "\(outcome.error)")
    #expect(outcome.error.split(separator: "\n").count == 1)
  }
}
