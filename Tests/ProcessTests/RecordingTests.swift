import Foundation
import JSON
import TestSupport
import Testing

/// What `edgectl segments` does with recordings of every kind; `features`, `classify` and `eval`
/// read them by the same code.
@Suite(.waiting) struct RecordingTests {
  private let tools = Program(name: "edgectl-tools")
  private let speech = Speech()

  /// Start and end of the speech in a recording, in milliseconds.
  private func bounds(_ file: String, _ options: String...) throws -> [Int] {
    let outcome = try tools.run(["segments"] + options + [file])
    #expect(outcome.status == 0, "\(outcome.error)")
    return try outcome.lines.flatMap { line in
      let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      return [
        try #require(object?["speech_start_ms"] as? Int),
        try #require(object?["speech_end_ms"] as? Int),
      ]
    }
  }

  @Test func hearsTheSameSpeechInEveryFormat() throws {
    let plain = try bounds(speech.file())
    #expect(plain.count == 2)
    #expect((400...600).contains(plain[0]))
    for format in [
      ["-r", "48000"], ["-r", "44100"], ["-r", "32000"], ["-b", "24", "-r", "16000"],
      ["-e", "float", "-b", "32", "-r", "16000"],
    ] {
      let other = try bounds(speech.file(format: format))
      #expect(other.count == 2)
      for (mine, theirs) in zip(plain, other) { #expect(abs(mine - theirs) <= 30, "\(format)") }
    }
  }

  @Test func showsPeopleALineASegment() throws {
    let file = try speech.file()
    let command = ["classify", "-m", Repository.model, file]
    let lines = try tools.run(command + ["--readable"]).lines
    #expect(lines.first == file)
    let final = try tools.run(command + ["--final"]).lines.map {
      try JSONValue(parsing: Array($0.utf8))
    }.filter { $0.type == "emotion" }
    #expect(lines.count == final.count + 1)
    for (line, event) in zip(lines.dropFirst(), final) {
      let label = try #require(event["label"]?.string)
      let percent = Int((event["confidence"]!.number! * 100).rounded())
      let words = line.split(separator: " ").map(String.init)
      #expect(words[4] == label && words[5] == "\(percent)", "\(line)")
      #expect(words[0].hasPrefix("\(event["start_ms"]!.integer! / 1000)."), "\(line)")
    }
    let typed = command.map { "'\($0)'" }.joined(separator: " ")
    let onTerminal = try Program.run(
      Program.onPath("script"),
      ["-qec", "'\(Program.folder.path)/edgectl-tools' \(typed)", "/dev/null"])
    #expect(onTerminal.lines.first?.hasPrefix(file) == true, "\(onTerminal.output)")
    #expect(try tools.run(command + ["--json", "--readable"]).status == 64)
  }

  @Test func choosesAChannel() throws {
    let mono = try speech.file()
    let stereo = speech.folder.path("stereo.wav")
    try Program.sox(["-R", mono, stereo, "remix", "0", "1"])
    #expect(try bounds(stereo) == [])
    #expect(try bounds(stereo, "--channel", "0") == [])
    #expect(try bounds(stereo, "--channel", "1") == bounds(mono))
    let refused = try tools.run(["segments", "--channel", "2", stereo])
    #expect(refused.status != 0)
    #expect(refused.error.contains("no channel 2: choose 0 to 1"))
  }

  @Test func readsStandardInput() throws {
    let file = try speech.file()
    let outcome = try tools.run(
      ["segments", "-"], input: Data(contentsOf: URL(fileURLWithPath: file)))
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(outcome.output.contains("\"file\":\"-\""))
  }

  @Test func quieterIsNoOtherSpeech() throws {
    let file = try speech.file()
    let (quiet, plain) = (try bounds(file, "--gain=-12"), try bounds(file))
    #expect(quiet.count == plain.count)
    for (mine, theirs) in zip(quiet, plain) { #expect(abs(mine - theirs) <= 50) }
  }

  @Test func aGainMayBeNegativeAndNotBeyondAllMeasure() throws {
    let file = try speech.file()
    #expect(try bounds(file, "--gain", "-12") == bounds(file, "--gain=-12"))
    for (arguments, sentence) in [
      (["--gain", "900"], "--gain must be -90 to 90 dB"),
      (["--gain", "nan"], "--gain must be -90 to 90 dB"),
      (["--channel", "-1"], "--channel counts from 0"),
    ] {
      let outcome = try tools.run(["segments", file] + arguments)
      #expect(outcome.status == 64)
      #expect(outcome.error.contains(sentence), "\(outcome.error)")
    }
  }

  @Test(arguments: [["classify", "-m", Repository.model], ["segments"], ["features"]])
  func oneThatIsMissingDoesNotKeepTheOthersFromBeingHeard(command: [String]) throws {
    let file = try speech.file()
    let missing = ["/nowhere/x.wav", speech.folder.path]
    let outcome = try tools.run(command + [missing[0], file, missing[1]])
    #expect(outcome.status == 1)
    // An event has room for the end of a long name.
    let name = try #require(file.split(separator: "/").last)
    #expect(outcome.output.contains(name.suffix(20)))
    let errors = outcome.error.split(separator: "\n")
    #expect(errors.count == 2)
    for path in missing { #expect(errors.contains { $0.contains(path) }) }
  }

  private func refusal(_ contents: String) throws -> String {
    let path = try speech.folder.file("\(UUID().uuidString).wav", contents)
    let outcome = try tools.run(["segments", path])
    #expect(outcome.status != 0)
    #expect(outcome.output == "")
    #expect(outcome.error.split(separator: "\n").count == 1, "\(outcome.error)")
    return outcome.error
  }

  @Test func refusesWhatIsNotARecordingInOneSentence() throws {
    #expect(try refusal("this is not audio at all").contains("not audio"))
    #expect(try refusal("").contains("it has not a single byte"))
    let missing = try tools.run(["segments", "/nowhere/x.wav"])
    #expect(missing.status != 0)
    #expect(missing.error.contains("cannot read /nowhere/x.wav: No such file or directory; name"))
    let folder = try tools.run(["segments", "/tmp"])
    #expect(folder.status != 0)
    #expect(
      folder.error.contains("/tmp is a folder: name the recordings in it, such as /tmp/*.wav"))
  }

  @Test(arguments: ["segments", "classify"])
  func saysThatNobodySpeaks(command: String) throws {
    let (silence, hiss) = (speech.folder.path("silence.wav"), speech.folder.path("hiss.wav"))
    let format = ["-n", "-r", "16000", "-b", "16", "-c", "1"]
    try Program.sox(["-D"] + format + [silence, "trim", "0", "2"])
    try Program.sox(["-R"] + format + [hiss, "synth", "2", "noise", "gain", "-60"])
    let model = command == "classify" ? ["-m", Repository.model] : []
    let outcome = try tools.run([command] + model + [silence, hiss])
    #expect(outcome.status == 0)
    #expect(outcome.output == "")
    let sentences = outcome.error.split(separator: "\n")
    #expect(sentences.count == 2)
    #expect(
      sentences.first?.hasSuffix("heard in \(silence): all of it is silence, every sample is 0.")
        == true)
    #expect(sentences.last?.contains("heard in \(hiss): it has no voice above its noise") == true)
  }

  @Test(arguments: ["segments", "classify"])
  func saysWhichChannelIsNotSilent(command: String) throws {
    let model = command == "classify" ? ["-m", Repository.model] : []
    func error(of channels: [String], _ options: String...) throws -> String {
      let file = speech.folder.path("\(channels.joined(separator: "-")).wav")
      try Program.sox(["-R", "-D", mono, file, "remix"] + channels)
      let outcome = try tools.run([command] + model + [file] + options)
      #expect(outcome.status == 0)
      return outcome.error
    }
    let mono = try speech.file()
    let right = try error(of: ["0", "1"])
    #expect(right.hasSuffix(": channel 0 of 2 is silence; --channel 1 hears the other.\n"))
    let left = try error(of: ["1", "0"], "--channel", "1")
    #expect(left.hasSuffix(": channel 1 of 2 is silence; --channel 0 hears the other.\n"))
    let many = try error(of: ["0", "1v0.1", "1"])
    #expect(many.hasSuffix(": channel 0 of 3 is silence; --channel 2 hears the loudest.\n"))
    let quiet = try error(of: ["1v0.0002", "1"])
    #expect(
      quiet.contains(
        ": channel 0 of 2 has no voice above its noise; --channel 1 hears the other, which is "),
      "\(quiet)")
    let alike = try error(of: ["1v0.0002", "1v0.0006"])
    #expect(alike.contains(": it has no voice above its noise, and"), "\(alike)")
    #expect(try error(of: ["0", "0"]).contains("all of it is silence, every sample is 0."))
    #expect(try error(of: ["1", "0"]) == "")
    #expect(try error(of: ["0", "1"], "--channel", "1") == "")
  }

  @Test func refusesARecordingWithoutSamples() throws {
    let empty = speech.folder.path("empty.wav")
    try Program.sox(["-n", "-r", "16000", "-b", "16", empty, "trim", "0", "0"])
    let list = try speech.folder.file(
      "list.wav", wave(data: [], after: Array("LIST".utf8) + [4, 0, 0, 0, 9, 9, 9, 9]))
    for (file, input) in [(empty, nil), (list, nil), ("-", list)] {
      let data = try input.map { try Data(contentsOf: URL(fileURLWithPath: $0)) }
      let outcome = try tools.run(["segments", file], input: data ?? Data())
      #expect(outcome.status != 0)
      #expect(outcome.error.contains("holds no samples"), "\(file): \(outcome.error)")
    }
  }

  @Test func silenceBehindALengthOfZeroIsNoLackOfSamples() throws {
    let silence = try speech.folder.file(
      "silence.wav", wave(data: Array(repeating: 0, count: 64_000), length: 0))
    let outcome = try tools.run(["segments", silence])
    #expect(outcome.error.contains("all of it is silence"), "\(outcome.error)")
  }

  @Test(arguments: [44, 45]) func saysOnceThatNothingIsLeftOfARecording(bytes: Int) throws {
    let whole = try Data(contentsOf: URL(fileURLWithPath: speech.file()))
    let path = try speech.folder.file("header.wav", whole.prefix(bytes))
    let outcome = try tools.run(["segments", path])
    #expect(outcome.status == 1)
    #expect(outcome.error.contains("holds no samples"))
    #expect(outcome.error.split(separator: "\n").count == 1, "\(outcome.error)")
  }

  @Test func hearsARecordingOfUnstatedLengthToItsEnd() throws {
    let file = try speech.file()
    var streamed = try Data(contentsOf: URL(fileURLWithPath: file))
    // The lengths of the file and of its samples, as a recorder leaves them that cannot go back.
    streamed.resetBytes(in: 4..<8)
    streamed.resetBytes(in: 40..<44)
    let path = try speech.folder.file("streamed.wav", streamed)
    #expect(try bounds(path) == bounds(file))
    #expect(try tools.run(["segments", path]).error == "")
    let piped = try tools.run(["segments", "-"], input: streamed)
    #expect(piped.status == 0 && piped.lines.count == 1, "\(piped.error)")
  }

  @Test func refusesARateThatNoCardHas() throws {
    let odd = try speech.file(format: ["-r", "12345"])
    let outcome = try tools.run(["segments", odd])
    #expect(outcome.status != 0)
    #expect(outcome.error.contains("12345 samples a second"))
  }

  @Test func hearsATruncatedRecordingAsFarAsItGoes() throws {
    let whole = try Data(contentsOf: URL(fileURLWithPath: speech.file()))
    let path = try speech.folder.file("truncated.wav", whole.prefix(whole.count / 2))
    #expect(try bounds(path).count == 2)
    let said = try tools.run(["segments", path]).error
    #expect(said.contains("\(path) is cut off: its header promises"), "\(said)")
    #expect(try tools.run(["segments", speech.file()]).error == "")
    let short = try speech.folder.file("short.wav", whole.dropLast(2))
    let lengths = try #require(
      tools.run(["segments", short]).error.firstMatch(
        of: /promises ([0-9.]+) s and it has ([0-9.]+);/))
    #expect(lengths.1 != lengths.2, "a sample is missing")
  }
}
