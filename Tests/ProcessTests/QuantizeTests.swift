import Foundation
import JSON
import TestSupport
import Testing

/// `edgectl quantize` and `edgectl inspect` as a person runs them, on the model of this repository.
@Suite(.waiting) struct QuantizeTests {
  private let tools = Program(name: "edgectl-tools")
  private let folder = TemporaryFolder()
  private let speech = Speech()
  private let model = Repository.root.appending(path: "models/model.bin").path

  private func quantize(_ arguments: String..., output: String) throws -> Program.Outcome {
    _ = try speech.file()
    return try tools.run(
      ["quantize", model, "-o", output, "--calibrate", speech.folder.path, "--min-agreement", "0"]
        + arguments)
  }

  @Test func makesAModelThatCanBeInspectedAndAReport() throws {
    let output = folder.path("emotion.edge")
    let page = folder.path("report.html")
    let outcome = try quantize("--report", page, "--min-sqnr", "0", output: output)
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(outcome.output.contains("logit SQNR") && outcome.output.contains("lstm"))
    #expect(try String(contentsOfFile: page, encoding: .utf8).contains("<svg"))
    let inspected = try Program(name: "edgectl").run(["inspect", output, "--json"])
    #expect(inspected.status == 0, "\(inspected.error)")
    let object = try JSONSerialization.jsonObject(with: Data(inspected.output.utf8))
    let description = try #require(object as? [String: Any])
    #expect(description["classes"] != nil)
    let all = try #require((description["memory"] as? [String: Any])?["all"] as? Int)
    let said = outcome.lines.filter { $0.hasSuffix(" bytes a stream") }
    #expect(said.map { $0.filter(\.isNumber) } == ["\(all)"], "\(outcome.output)")
  }

  @Test func saysOfAStreamsMemoryToProgramsWhatInspectSays() throws {
    let output = folder.path("emotion.edge")
    let outcome = try quantize("--min-sqnr", "0", "--json", output: output)
    let report = try JSONValue(parsing: Array(outcome.output.utf8))
    let inspected = try Program(name: "edgectl").run(["inspect", output, "--json"])
    let description = try JSONValue(parsing: Array(inspected.output.utf8))
    #expect(report["arena_bytes"]?.integer == description["memory"]?["all"]?.integer)
    #expect(report["arena_bytes"] != nil)
  }

  @Test func saysThatWhatIsCentredOfKnownTalkersIsNotCalibrated() throws {
    let outcome = try quantize("--min-sqnr", "0", output: folder.path("alone.edge"))
    #expect(outcome.error.contains("nobody is heard twice"), "\(outcome.error)")
    #expect(outcome.error.contains("give --calibrate a manifest with sessions"))
  }

  @Test func outsideTheGateExitsWithTwoAndKeepsTheOldFile() throws {
    let output = try folder.file("emotion.edge", "old")
    let page = folder.path("why.html")
    let outcome = try quantize("--min-sqnr", "150", "--report", page, output: output)
    #expect(outcome.status == 2)
    #expect(outcome.error.contains("edgectl: the int8 network is too far"), "\(outcome.error)")
    #expect(outcome.error.contains("was not written; \(page) shows every layer"))
    #expect(outcome.error.contains("the features alone have "), "\(outcome.error)")
    // The layer with the least SQNR of the table that is printed.
    let layers = outcome.lines.compactMap { line -> (name: Substring, noise: Double)? in
      let words = line.split(separator: " ")
      guard line.contains("frame") || line.contains("decision"), words.count > 5,
        !words.contains("input"),
        let noise = Double(words[words.count - 2])
      else { return nil }
      return (words[0], noise)
    }
    let worst = try #require(layers.min { $0.noise < $1.noise })
    #expect(outcome.error.contains("the noisiest layer is \(worst.name) ("), "\(outcome.error)")
    #expect(outcome.output.contains("report        \(page)"))
    #expect(FileManager.default.fileExists(atPath: page))
    #expect(try String(contentsOfFile: output, encoding: .utf8) == "old")
  }

  @Test func saysThatANetworkAnswersOneThingToEverything() throws {
    let dead = try folder.file("dead.bin", withoutWeights())
    let clip = try speech.file("Hello.")
    let list = try folder.file(
      "list.tsv", Array(repeating: "\(clip)\tneutral", count: 20).joined(separator: "\n"))
    let output = folder.path("dead.edge")
    let outcome = try tools.run(["quantize", dead, "-o", output, "--calibrate", list])
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(
      outcome.error.contains(/dead.bin: the network answers [a-z]+ in all 20 contexts, so that/),
      "\(outcome.error)")
    #expect(outcome.output.contains(" in all 20 contexts"))
  }

  /// The float model with zeros in place of all weights.
  private func withoutWeights() throws -> Data {
    var bytes = try Data(contentsOf: URL(fileURLWithPath: model))
    let length = bytes.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    let header = try JSONValue(parsing: Array(bytes[8..<8 + length]))
    for (name, tensor) in try #require(header.object).members.map({ ($0.key, $0.value) })
    where name.contains(".weight") {
      let place = try #require(tensor["data_offsets"]?.array).compactMap { $0.integer }
      bytes.resetBytes(in: 8 + length + place[0]..<8 + length + place[1])
    }
    return bytes
  }

  @Test func filesThatAreNoAudioAreCountedAndNamed() throws {
    let list = try speech.folder.file("list.md", "no sound")
    let notes = try speech.folder.file("notes.txt", "no sound")
    let outcome = try quantize("--min-sqnr", "0", output: folder.path("emotion.edge"))
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(outcome.error.contains("2 files are no audio and were left out: \(list), \(notes)."))
  }

  @Test func recordingsThatCannotBeReadAreAllNamedInTheOrderOfTheList() throws {
    let good = try speech.file()
    let notes = try folder.file("notes.wav", "no sound")
    // The second of ann's sittings is heard before ben's, and stands after it.
    let list = try folder.file(
      "list.tsv",
      """
      # path, label, session
      \(good)\tneutral\tann
      gone.wav\tneutral\tben
      \(notes)\tneutral\tann
      \(good)\tneutral\tben
      \(folder.path)\tneutral
      """)
    let output = folder.path("emotion.edge")
    let outcome = try tools.run(["quantize", model, "-o", output, "--calibrate", list])
    #expect(outcome.status == 1)
    #expect(outcome.output == "")
    let sentences = outcome.error.split(separator: "\n")
    try #require(sentences.count == 3, "\(outcome.error)")
    #expect(
      sentences[0].hasPrefix("edgectl: \(list):3: cannot read \(folder.path("gone.wav")): No such"))
    #expect(sentences[1].hasPrefix("edgectl: \(list):4: \(notes) is not audio"))
    #expect(sentences[2].hasPrefix("edgectl: \(list):6: \(folder.path) is a folder"))
    #expect(!FileManager.default.fileExists(atPath: output))
  }

  @Test func recordingsOfAFolderThatCannotBeReadAreAllNamed() throws {
    let good = try speech.file()
    let header = try Data(contentsOf: URL(fileURLWithPath: good)).prefix(44)
    let paths = try ["a.wav", "z.wav"].map { try speech.folder.file($0, header) }
    let output = folder.path("emotion.edge")
    let outcome = try quantize(output: output)
    #expect(outcome.status == 1)
    let sentences = outcome.error.split(separator: "\n")
    #expect(sentences.count == 2, "\(outcome.error)")
    for (path, sentence) in zip(paths, sentences) {
      #expect(sentence.contains("\(path) holds no samples"))
    }
    #expect(!FileManager.default.fileExists(atPath: output))
  }

  @Test func aNamedPipeAmongTheRecordingsIsLeftOut() throws {
    _ = try speech.file()
    let pipe = speech.folder.path("pipe")
    #expect(mkfifo(pipe, 0o600) == 0)
    let running = try RunningProgram(
      Program.folder.appending(path: "edgectl-tools"),
      [
        "quantize", model, "-o", folder.path("emotion.edge"), "--calibrate", speech.folder.path,
        "--min-agreement", "0", "--min-sqnr", "0",
      ])
    #expect(running.status(within: 120) == 0)
    #expect(
      running.error.contains("1 file is no audio and was left out: \(pipe)."), "\(running.error)")
  }

  @Test func aNamedPipeAsFloatModelIsNotWaitedFor() throws {
    let pipe = folder.path("pipe.bin")
    #expect(mkfifo(pipe, 0o600) == 0)
    let running = try RunningProgram(
      Program.folder.appending(path: "edgectl-tools"),
      ["quantize", pipe, "-o", folder.path("out.edge"), "--calibrate", folder.path])
    #expect(running.status() == 1)
    #expect(
      running.error.contains("cannot use \(pipe) as a float model: it is not a file"),
      "\(running.error)")
  }

  @Test func neverWritesAModelOverWhatIsNone() throws {
    let recording = try folder.file("recording.wav", "RIFF....WAVE")
    let outcome = try tools.run(["quantize", model, "--calibrate", "clips", "-o", recording])
    #expect(outcome.status == 64)
    #expect(outcome.error.contains("is there and is no model"), "\(outcome.error)")
    #expect(try String(contentsOfFile: recording, encoding: .utf8) == "RIFF....WAVE")
  }

  @Test func neverWritesOverWhatItReads() throws {
    let own = folder.path("model.bin")
    try FileManager.default.copyItem(atPath: model, toPath: own)
    let link = folder.path("link.edge")
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: own)
    let target = folder.path("target.edge")
    for arguments in [["-o", own], ["-o", link], ["-o", target, "--report", target]] {
      let outcome = try tools.run(["quantize", own, "--calibrate", "clips"] + arguments)
      #expect(outcome.status == 64)
      #expect(outcome.error.contains("are the same file"), "\(outcome.error)")
    }
    let isWhole = FileManager.default.contentsEqual(atPath: own, andPath: model)
    #expect(isWhole)
  }

  /// A file-size limit stops the write in the middle, as a full disk does.
  @Test func aWriteThatFailsLeavesTheOldFileAndNothingElse() throws {
    let output = try folder.file("emotion.edge", "old")
    _ = try speech.file()
    let tool = Program.folder.appending(path: "edgectl-tools").path
    let outcome = try Program.run(
      URL(fileURLWithPath: "/bin/sh"),
      [
        "-c", "ulimit -f 100; trap '' XFSZ; exec \"$@\"", "sh", tool, "quantize", model, "-o",
        output, "--calibrate", speech.folder.path, "--min-agreement", "0", "--min-sqnr", "0",
      ])
    #expect(outcome.status == 1)
    #expect(outcome.error.contains("cannot write \(output)"))
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["emotion.edge"])
    #expect(try String(contentsOfFile: output, encoding: .utf8) == "old")
  }

  @Test(arguments: [
    ("/nonexistent/model.bin", "out.edge", "No such file"),
    ("/bin/sh", "out.edge", "not a safetensors file"),
    ("models/emotion.edge", "out.edge", "int8 model already"),
    ("models/model.bin", "/nonexistent/out.edge", "make the folder first"),
    ("models/model.bin", "/dev/null", "is no file"),
  ])
  func refusesWithOneSentence(model: String, output: String, reason: String) throws {
    let model = model.hasPrefix("/") ? model : Repository.root.appending(path: model).path
    let output = output.hasPrefix("/") ? output : folder.path(output)
    let outcome = try tools.run(["quantize", model, "-o", output, "--calibrate", "/tmp"])
    #expect(outcome.status == 1)
    #expect(outcome.error.contains(reason), "\(outcome.error)")
    #expect(outcome.error.split(separator: "\n").count == 1)
  }
}
