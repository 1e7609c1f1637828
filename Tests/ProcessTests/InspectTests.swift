import Foundation
import JSON
import TestSupport
import Testing

/// `edgectl inspect` as it is typed, and what is said of a speech detector's file elsewhere.
@Suite(.waiting) struct InspectTests {
  private let detector = Repository.root.appending(path: "models/detector.edge").path

  private func inspect(_ arguments: String...) throws -> Program.Outcome {
    let outcome = try Program(name: "edgectl").run(["inspect"] + arguments)
    #expect(outcome.status == 0, "\(outcome.error)")
    return outcome
  }

  /// The words of the line that begins with `name`.
  private func words(_ name: String, of outcome: Program.Outcome) throws -> [Substring] {
    let line = try #require(outcome.lines.first { $0.hasPrefix(name) }, "\(outcome.output)")
    return line.dropFirst(name.count).split(separator: " ")
  }

  @Test func theCardsAccuracyIsShownByClassAndSaidToBeTheFloatModels() throws {
    let outcome = try inspect(Repository.model)
    let object = try JSONValue(parsing: Array(try inspect("--json", Repository.model).output.utf8))
    let card = try #require(object["card"])
    let name = "session, live path"
    let figures = try #require(card["provenance"]?["accuracy"]?[name])
    let shown = try words(name, of: outcome).compactMap { Double($0) }
    let classes = try #require(figures["classes"]?.object)
    #expect(shown.count == 2 + classes.members.count)
    let expected =
      [figures["accuracy"]?.number, figures["uar"]?.number]
      + classes.members.map { $0.value["recall"]?.number }
    for (shown, expected) in zip(shown, expected) {
      #expect(abs(shown - (try #require(expected))) <= 0.051)
    }
    let line = try #require(outcome.lines.firstIndex { $0.hasPrefix(name) })
    let precisions = outcome.lines[line + 1].split(separator: " ")
    #expect(precisions.first == "precision" && precisions.count == 1 + classes.members.count)
    for (shown, member) in zip(precisions.dropFirst(), classes.members) {
      #expect(abs(Double(shown)! - (try #require(member.value["precision"]?.number))) <= 0.051)
    }
    #expect(outcome.lines[line - 2...line + 1].allSatisfy { $0.count <= 100 })
    let table = outcome.lines.map { $0.split(separator: " ") }
    let input = try #require(table.first { $0.count > 2 && $0[1] == "input" })
    #expect(try words("inputs", of: outcome).starts(with: [input[2], "a", "frame:"]))
    #expect(outcome.output.contains("of the float model before its conversion"))
    #expect(object["recognition"]?["bias_segments"]?.integer == 20)
    let gain = try #require(object["recognition"]?["known_talker_gain"]?.number)
    #expect(1.1 < gain && gain < 1.4)
    let bias = try words("talker's bias", of: outcome)
    #expect(bias.suffix(4) == ["from", "about", "20", "segments"])
    let agreement = try #require(card["quantization"]?["agreement"]?.number)
    let same = try #require(outcome.lines.first { $0.contains("the same label in ") })
    let percent = same.split(separator: " ").compactMap { Double($0) }
    #expect(percent.contains((agreement * 10_000).rounded() / 100))
  }

  @Test func whatIsCentredIsShownWithHowLongItIsRemembered() throws {
    let model = Repository.model
    let outcome = try inspect("--plan", model)
    #expect(try words("centring", of: outcome).suffix(3) == ["about", "40", "segments"])
    #expect(outcome.lines.contains { $0.contains("state of") && $0.contains(" centre ") })
    let object = try JSONValue(parsing: Array(try inspect("--json", model).output.utf8))
    #expect(object["recognition"]?["centre_segments"]?.integer == 40)
    let layer = object["layers"]?.array?.first { $0["operator"]?.string == "centre" }
    #expect(layer?["state_bytes"]?.integer ?? 0 > 0)
  }

  @Test func aDetectorsFileIsShownAsWhatItIs() throws {
    let outcome = try inspect(detector)
    #expect(try words("kind", of: outcome).starts(with: ["speech", "detector,"]))
    #expect(try words("front end", of: outcome).starts(with: ["16000", "Hz,"]))
    #expect(outcome.output.contains("model card") && outcome.output.contains("logits"))
    let object = try JSONValue(parsing: Array(try inspect("--json", detector).output.utf8))
    #expect(object["kind"]?.string == "speech_detector")
    #expect(object["front_end"]?["bands"]?.integer ?? 0 > 0)
    #expect(object["layers"]?.array?.isEmpty == false)
    #expect(object["card"]?["name"]?.string != nil)
  }

  @Test func aDetectorsFileIsNotTakenForADamagedModel() throws {
    let clip = "/nonexistent/clip.wav"
    for (program, arguments) in [
      ("edgectl", ["bench", detector]), ("edgectl-tools", ["classify", "-m", detector, clip]),
      ("edged", ["--check-config", "--config", "/dev/null", "--model", detector]),
    ] {
      let outcome = try Program(name: program).run(arguments)
      #expect(outcome.status != 0)
      #expect(outcome.error.contains("\(detector) as a model: it is a speech detector's file"))
    }
    let float = Repository.root.appending(path: "models/detector.bin").path
    let outcome = try Program(name: "edgectl-tools").run(["segments", "--detector", float, clip])
    #expect(outcome.error.contains("-o detector.edge"), "\(outcome.error)")
  }
}
