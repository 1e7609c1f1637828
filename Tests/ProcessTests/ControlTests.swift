import Foundation
import JSON
import TestSupport
import Testing

/// The daemon as it is commanded: by `edgectl`, over its control socket.
@Suite(.waiting) struct ControlTests {
  private let edgectl = Program(name: "edgectl")
  private let speech = Speech()

  /// A daemon with a control socket and a microphone that plays somebody speaking, again and again.
  private func daemon(
    _ configuration: String = stream(hears: "pcm:mic"), repeating count: Int = 6,
    saying text: String? = nil
  ) throws -> RunningDaemon {
    let clip = try text.map { try speech.file($0) } ?? speech.file()
    return try RunningDaemon(
      configuration: configuration,
      hearing: PacedMicrophone(playing: speech.repeated(clip, count)), isControlled: true)
  }

  private func command(_ daemon: RunningDaemon, _ arguments: String...) throws -> Program.Outcome {
    try edgectl.run(arguments + ["--socket", daemon.controlSocket])
  }

  @Test func pausedNothingIsHeardAndTimeStaysTrue() throws {
    let daemon = try daemon()
    let client = try daemon.client()
    let before = try client.read(until: "speech_start", within: 20)
    usleep(700_000)
    let paused = try command(daemon, "pause")
    #expect(paused.status == 0, "\(paused.error)")
    #expect(paused.output == "main: paused\n")
    let ending = try client.read(until: "the pause") { $0.isDevice("paused") }
    // What was being said is judged as far as it was heard.
    #expect(ending.contains { $0.type == "emotion" && $0["final"]?.bool == true })
    #expect(ending.contains { $0.type == "speech_end" })
    #expect(ending.last?["reason"]?.string == "requested")
    let pausedAt = try #require(ending.last?["mono_ms"]?.integer)
    #expect(try client.next(within: 2) == nil, "nothing happens while nobody listens")
    let status = try #require(try EventReader(daemon.socket).next())
    #expect(status["streams"]?.array?.first?["state"]?.string == "paused")
    #expect(status["streams"]?.array?.first?["rate_hz"] == nil)

    #expect(try command(daemon, "resume").status == 0)
    let after = try client.read(until: "speech_end", within: 20)
    #expect(after.contains { $0.isDevice("running") })
    #expect(!after.contains { $0.type == "xrun" }, "a pause is no loss")
    let start = try #require(after.first { $0.type == "speech_start" })
    #expect(
      start["start_ms"]!.integer! > ending.last { $0.type == "speech_end" }!["end_ms"]!.integer!)
    #expect(after.last { $0.type == "emotion" }?["baseline"]?.integer == 0)
    expectTrueTime(before + ending, after)
    #expect(after.first!["mono_ms"]!.integer! - pausedAt >= 2000)
    #expect(daemon.terminate().status == 0)
  }

  @Test func aPauseLastsOverReloads() throws {
    let daemon = try daemon()
    let client = try daemon.client()
    try client.read(until: "the device") { $0.isDevice("running") }
    #expect(try command(daemon, "pause", "main").status == 0)
    try client.read(until: "the pause") { $0.isDevice("paused") }
    try daemon.reload(stream(hears: "pcm:mic") + "rate = 16000\n")
    try client.read(until: "the reload") { $0.type == "config" }
    // Taken away and given back it is still the stream that somebody paused.
    try daemon.reload(stream("other", hears: "NoSuchCard"))
    try client.read(until: "the other stream") { $0.isDevice("absent") }
    try daemon.reload(stream(hears: "pcm:mic"))
    let back = try client.read(until: "the stream again") { $0.type == "config" }
    #expect(back.contains { $0.isDevice("paused") })
    #expect(!back.contains { $0.isDevice("opening") || $0.isDevice("running") })
    #expect(try client.next(within: 1) == nil)
    #expect(daemon.terminate().status == 0)
  }

  @Test func oneOfTwoStreamsOfACardCanBePaused() throws {
    let daemon = try daemon(
      stream("one", hears: "pcm:mic") + stream("two", hears: "pcm:mic"))
    let client = try daemon.client()
    try client.read(until: "both", within: 20) {
      $0["stream"]?.string == "two" && $0.isDevice("running")
    }
    #expect(try command(daemon, "pause", "two").status == 0)
    let lines = try client.read(until: "the other goes on", within: 20) {
      $0["stream"]?.string == "one" && $0.type == "speech_end"
    }
    let pause = try #require(lines.firstIndex { $0.isDevice("paused") })
    #expect(lines[pause]["stream"]?.string == "two")
    #expect(!lines[pause...].dropFirst().contains { $0["stream"]?.string == "two" })
    #expect(daemon.terminate().status == 0)
  }

  @Test func aRecordingGoesOnWhenAnotherStreamIsPaused() throws {
    let clip = try speech.file()
    let streams = ["one", "two"].map { stream($0, hears: "wav:\(clip)") }
    let daemon = try RunningDaemon(configuration: streams.joined(), isControlled: true)
    let client = try daemon.client()
    var lines = try client.read(until: "somebody speaks") {
      $0["stream"]?.string == "one" && $0.type == "speech_start"
    }
    #expect(try command(daemon, "pause", "two").status == 0)
    #expect(try command(daemon, "resume", "two").status == 0)
    lines += try client.read(until: "the end", within: 20) {
      $0["stream"]?.string == "one" && $0["reason"]?.string == "ended"
    }
    let first = lines.filter { $0["stream"]?.string == "one" }
    #expect(first.count { $0.type == "speech_start" } == 1, "heard once")
    #expect(first.count { $0.type == "speech_end" } == 1)
    #expect(!first.contains { $0.type == "xrun" })
    #expect(daemon.terminate().status == 0)
  }

  @Test func whatIsWrittenToAPipeDuringAPauseIsNeverJudged() throws {
    let raw = try speech.raw(speech.file())
    let said = [UInt8](try Data(contentsOf: URL(fileURLWithPath: raw)))
    let path = speech.folder.path("pipe")
    #expect(mkfifo(path, 0o600) == 0)
    let pipe = open(path, O_RDWR)
    defer { close(pipe) }
    func write(_ bytes: [UInt8]) {
      #expect(Foundation.write(pipe, bytes, bytes.count) == bytes.count)
    }
    let daemon = try RunningDaemon(["--device", "stdin"], input: path, isControlled: true)
    let client = try daemon.client()
    write([UInt8](repeating: 0, count: 3200))
    try client.read(until: "the stream") { $0.isDevice("running") }
    #expect(try command(daemon, "pause").status == 0)
    try client.read(until: "the pause") { $0.isDevice("paused") }
    write([UInt8](said.prefix(60_000)))
    #expect(try client.next(within: 2) == nil)
    _ = try command(daemon, "resume")
    // Two seconds of silence, then somebody speaks.
    write([UInt8](repeating: 0, count: 64_000))
    write(said)
    let lines = try client.read(until: "speech_end")
    let start = try #require(lines.first { $0.type == "speech_start" }?["start_ms"]?.integer)
    #expect((1600...3400).contains(start), "of 100 ms before the pause, and what came after it")
    #expect(daemon.terminate().status == 0)
  }

  @Test func betweenTwoCallsTheTalkerIsForgotten() throws {
    let daemon = try daemon()
    let client = try daemon.client()
    var ended = 0
    let first = try client.read(until: "two segments", within: 30) {
      ended += $0.type == "speech_end" ? 1 : 0
      return ended == 2
    }
    #expect(first.last { $0.type == "emotion" }?["baseline"]?.integer == 1)
    #expect(try command(daemon, "call", "end").output == "main: call ended; edged listens on\n")
    #expect(try command(daemon, "call", "start", "main").output == "main: call started\n")
    let calls = try client.read(until: "the call") {
      $0.type == "call" && $0["phase"]?.string == "start"
    }
    #expect(calls.contains { $0.type == "call" && $0["phase"]?.string == "end" })
    let at = try #require(calls.last?["at_ms"]?.integer)
    let next = try client.read(until: "speech_end", within: 20)
    let emotion = try #require(next.first { $0.type == "emotion" && $0["final"]?.bool == true })
    #expect(emotion["baseline"]?.integer == 0)
    #expect(emotion["start_ms"]!.integer! >= at - 300)
    #expect(daemon.terminate().status == 0)
  }

  @Test func ofAStreamThatIsNotHeardNobodySaysThatItIs() throws {
    let daemon = try RunningDaemon(
      configuration: stream(hears: "wav-fast:\(speech.file())"), isControlled: true)
    try daemon.client().read(until: "the end") { $0["reason"]?.string == "ended" }
    let ended = "its recording has come to its end"
    #expect(try command(daemon, "call", "end").output == "main: call ended; \(ended)\n")
    #expect(try command(daemon, "resume").output == "main: \(ended)\n")
    #expect(try command(daemon, "pause").status == 0)
    #expect(
      try command(daemon, "call", "end").output
        == "main: call ended; the stream is paused, and edged hears nobody\n")
    #expect(daemon.terminate().status == 0)
  }

  @Test func levelsAreShownLive() throws {
    // So short that any two seconds have speech and silence, however late the first reading is.
    let daemon = try daemon(repeating: 12, saying: "No.")
    let lines = try command(daemon, "meter", "--count", "20", "--timeout", "10")
    #expect(lines.status == 0, "\(lines.error)")
    let readings = try lines.lines.map { try JSONValue(parsing: Array($0.utf8)) }
    #expect(readings.count == 20)
    let times = readings.compactMap { $0["mono_ms"]?.integer }
    // The usual distance: on a busy machine single readings come late.
    let distances = zip(times, times.dropFirst()).map { $1 - $0 }.sorted()
    #expect((80...140).contains(distances[distances.count / 2]), "\(times)")
    let levels = readings.compactMap { $0["level_dbfs"]?.number }
    #expect(levels.count >= 18)
    #expect(levels.max()! > -40 && levels.min()! < -60, "\(levels)")
    for reading in readings {
      guard let level = reading["level_dbfs"]?.number else { continue }
      #expect(reading["peak_dbfs"]!.number! >= level)
    }
    let bars = try command(daemon, "meter", "--readable", "--count", "2")
    #expect(bars.output.contains("main") && bars.output.contains("dBFS"))
    #expect(bars.lines.count == 2 && !bars.output.contains("\u{1b}"), "there is no terminal")
    let socket = daemon.controlSocket
    let onTerminal = try Program.onTerminal(
      "'\(Program.folder.path)/edgectl' meter --count 2 --socket '\(socket)'")
    #expect(onTerminal.output.contains("\u{1b}[1A"), "the second is drawn over the first")
    #expect(daemon.terminate().status == 0)
  }

  @Test func withoutAControlSocketNobodyCommands() throws {
    let daemon = try RunningDaemon(["--device", "NoSuchCard"])
    let missing = try command(daemon, "pause")
    #expect(missing.status != 0)
    #expect(missing.error.contains("there is no socket"))
    let wrong = try edgectl.run(["pause", "--socket", daemon.socket])
    #expect(wrong.status != 0)
    #expect(wrong.error.contains("is for another socket"), "\(wrong.error)")
    #expect(daemon.terminate().status == 0)
  }

  @Test func aStreamThatThereIsNotIsRefusedInOneSentence() throws {
    let daemon = try daemon()
    for words in [["pause", "nobody"], ["call", "start", "nobody"], ["meter", "nobody"]] {
      let outcome = try edgectl.run(words + ["--socket", daemon.controlSocket])
      #expect(outcome.status != 0)
      #expect(
        outcome.error.hasPrefix("edgectl: there is no stream “nobody”; there are main"),
        "\(outcome.error)")
    }
    #expect(try edgectl.run(["call", "middle"]).status == 64)
    #expect(daemon.terminate().status == 0)
  }

  @Test func ofADeviceThatIsAwayResumeSaysThatItIsWaitedFor() throws {
    let daemon = try daemon(
      stream("away", hears: "NoSuchCard") + stream(hears: "pcm:mic"))
    #expect(try command(daemon, "pause").status == 0)
    let resumed = try command(daemon, "resume")
    #expect(resumed.status == 0, "\(resumed.error)")
    #expect(
      resumed.lines == [
        "away: waiting for the device NoSuchCard, which is absent", "main: listening",
      ])
    #expect(daemon.terminate().status == 0)
  }

  @Test func whatIsNotAnsweredInTimeIsSaidToStand() throws {
    let daemon = try daemon()
    let client = try daemon.client()
    daemon.send(SIGSTOP)
    let outcome = try command(daemon, "pause")
    daemon.send(SIGCONT)
    #expect(outcome.status == 1)
    #expect(outcome.error.contains("it may still do “pause” as soon as it can"), "\(outcome.error)")
    try client.read(until: "the pause") { $0.isDevice("paused") }
    #expect(daemon.terminate().status == 0)
  }

  @Test func aDaemonThatHasGoneWillNotDoItLater() throws {
    let path = speech.folder.path("leaving.sock")
    let daemon = try LeavingDaemon(path: path)
    let outcome = try edgectl.run(["pause", "--socket", path])
    #expect(outcome.status == 1)
    #expect(
      outcome.error.contains("edged has gone from \(path): start it again"), "\(outcome.error)")
    withExtendedLifetime(daemon) {}
  }

  @Test func theSocketIsForTheOwnerAndTheGroupOnly() throws {
    let daemon = try daemon()
    let attributes = try FileManager.default.attributesOfItem(atPath: daemon.controlSocket)
    #expect(attributes[.posixPermissions] as? Int == 0o660)
    #expect(daemon.terminate().status == 0)
    #expect(!FileManager.default.fileExists(atPath: daemon.controlSocket))
  }
}
