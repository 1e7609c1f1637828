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

  @Test func refusesAFileThatHasNoNetworkThatHearsSpeech() throws {
    let outcome = try tools.run(["eval", model, "--manifest", list(), "--detector", model])
    #expect(outcome.status == 1)
    #expect(outcome.error.contains("\(model) has no network that hears speech"), "\(outcome.error)")
    #expect(outcome.error.split(separator: "\n").count == 1)
  }
}
