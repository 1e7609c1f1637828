import Foundation
import TestSupport
import Testing

/// `edgectl setup` where it refuses or gives up, and puts back what was there.
@Suite(.waiting) struct SetupRefusalTests {
  private let speech = Speech()

  @Test func aConfigurationThatNobodyReadsIsNoSuccess() throws {
    let daemon = try RunningDaemon(
      configuration: stream(hears: "wav:\(speech.repeated(speech.file(), 6))"))
    let other = daemon.folder.path("other.toml")
    let outcome = try daemon.setUp("--device", "pcm:mic", "--config", other)
    #expect(outcome.status == 1, "\(outcome.output)")
    #expect(outcome.error.contains("and not \(other); name it with --config"), "\(outcome.error)")
    #expect(!FileManager.default.fileExists(atPath: daemon.folder.path("other.d")))
    #expect(daemon.terminate().status == 0)
  }

  @Test func aConfigurationThatNobodyReadsIsNoSuccessOfADeviceThatIsHeardAlready() throws {
    let daemon = try RunningDaemon.thatCouldHear(speech.repeated(speech.file(), 6))
    #expect(try daemon.setUp("--device", "pcm:mic", "--wait", "0").status == 0)
    let other = daemon.folder.path("other.toml")
    let outcome = try daemon.setUp("--device", "pcm:mic", "--config", other)
    #expect(outcome.status == 1, "\(outcome.output)")
    #expect(
      outcome.error.contains(
        "edged reads \(daemon.folder.path("edged.toml")) and not \(other); name it with --config"),
      "\(outcome.error)")
    #expect(!FileManager.default.fileExists(atPath: daemon.folder.path("other.d")))
    #expect(daemon.terminate().status == 0)
  }

  @Test func whatCannotBeHeardLeavesTheConfigurationAsItWas() throws {
    let daemon = try RunningDaemon.thatCouldHear(speech.file())
    let before = "# somebody's own\n"
    try daemon.addDropIn(before, as: "50-setup.toml")
    // A channel that one-channel sound does not have.
    try daemon.addDropIn("[stream.main]\nchannel = 7\n")
    let outcome = try daemon.setUp("--device", "pcm:mic")
    #expect(outcome.status == 1)
    #expect(outcome.error.contains("channel 7 was asked for"), "\(outcome.error)")
    #expect(outcome.error.contains("The configuration is as it was."))
    #expect(try daemon.writtenDropIn() == before)
    #expect(try daemon.setUp("--device", "by-pth:x").status == 64)
    #expect(daemon.terminate().status == 0)
  }

  /// Waits until it has read its configuration so many times again.
  private func waitForReloads(
    _ count: Int, of daemon: RunningDaemon, at place: SourceLocation = #_sourceLocation
  ) {
    var reloads = 0
    for _ in 0..<1000 where reloads < count {
      usleep(10_000)
      reloads = daemon.log.count { $0.contains("the configuration was read again") }
    }
    #expect(reloads == count, "\(daemon.log)", sourceLocation: place)
  }

  @Test(arguments: [SIGINT, SIGTERM]) func interruptedItPutsBackWhatWasThere(signal: Int32) throws {
    let daemon = try RunningDaemon.thatCouldHear(speech.file())
    let before = "# somebody's own\n"
    try daemon.addDropIn(before, as: "50-setup.toml")
    // One that ALSA does not know, for which it waits 3 s.
    let process = Process()
    process.executableURL = Program.folder.appending(path: "edgectl")
    process.arguments = daemon.setupWords() + ["--yes", "--device", "pcm:none"]
    let errors = Pipe()
    process.standardOutput = FileHandle.nullDevice
    process.standardError = errors
    try process.run()
    var written = ""
    for _ in 0..<500 where !written.contains("pcm:none") {
      usleep(10_000)
      written = try daemon.writtenDropIn()
    }
    #expect(written.contains("pcm:none"))
    // While it waits for the microphone.
    waitForReloads(1, of: daemon)
    kill(process.processIdentifier, signal)
    process.waitUntilExit()
    #expect(process.terminationStatus == 1 && process.terminationReason == .exit)
    let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    #expect(said.contains("interrupted. The configuration is as it was."), "\(said)")
    #expect(try daemon.writtenDropIn() == before)
    waitForReloads(2, of: daemon)
    #expect(daemon.terminate().status == 0)
  }

  @Test(arguments: [("0", 0.0), ("1", 1.0)])
  func aMicrophoneThatDoesNotOpenIsGivenUpInTime(wait: String, least: Double) throws {
    let daemon = try RunningDaemon.thatCouldHear(speech.file())
    let start = Date()
    let outcome = try daemon.setUp("--device", "pcm:none", "--wait", wait)
    let seconds = Date().timeIntervalSince(start)
    #expect(outcome.status == 1)
    #expect(seconds >= least && seconds < least + 5, "\(seconds) s")
    let said = outcome.error.split(separator: "\n").map(String.init)
    #expect(said.first == "edgectl: edged reads its configuration again.", "\(outcome.error)")
    #expect(said.contains("edgectl: pcm:none is being opened."), "\(outcome.error)")
    #expect(said.last?.contains("libasound knows no PCM pcm:none") == true, "\(outcome.error)")
    #expect(said.count == 3, "\(outcome.error)")
    #expect(!FileManager.default.fileExists(atPath: daemon.dropIn))
    #expect(daemon.terminate().status == 0)
  }

  @Test func theDeviceThatFailsAlreadySaysWhyAtOnce() throws {
    let daemon = try RunningDaemon(configuration: stream(hears: "pcm:none"))
    try daemon.client().read(until: "the state") { $0.isDevice("absent") }
    let outcome = try daemon.setUp("--device", "pcm:none")
    #expect(outcome.status == 1)
    #expect(
      outcome.error.contains("main hears pcm:none already: libasound knows no PCM"),
      "\(outcome.error)")
    #expect(!daemon.log.contains { $0.contains("the configuration was read again") })
    #expect(daemon.terminate().status == 0)
  }

  @Test func aPausedStreamIsNotSetUp() throws {
    let daemon = try RunningDaemon.thatCouldHear(speech.file())
    let pause = ["pause", "--socket", daemon.controlSocket]
    #expect(try Program(name: "edgectl").run(pause).status == 0)
    let outcome = try daemon.setUp("--device", "pcm:mic")
    #expect(outcome.status == 1)
    #expect(outcome.error.contains("main is paused"), "\(outcome.error)")
    #expect(outcome.error.contains("edgectl resume main"))
    #expect(!FileManager.default.fileExists(atPath: daemon.dropIn))
    #expect(daemon.terminate().status == 0)
  }

  @Test func withoutAConfigurationItAsksForItsName() throws {
    let daemon = try RunningDaemon.thatCouldHear(speech.file())
    let outcome = try daemon.setUp("--device", "pcm:mic", "--config", "/nonexistent/edged.toml")
    #expect(outcome.status == 1)
    #expect(outcome.error.contains("cannot write /nonexistent/edged.d"), "\(outcome.error)")
    #expect(outcome.error.contains("name with --config"), "\(outcome.error)")
    #expect(daemon.terminate().status == 0)
  }

  @Test func aCardThatIsNotThereIsRefusedAtOnce() throws {
    let daemon = try RunningDaemon.thatCouldHear(speech.file())
    for card in ["NoSuchMic", "by-path:platform-none", "auto"] {
      let outcome = try daemon.setUp("--device", card)
      #expect(outcome.status == 1, "\(outcome.output)")
      #expect(
        outcome.error.contains("is not there; plug it in")
          || outcome.error.contains("no sound card"),
        "\(outcome.error)")
      #expect(!FileManager.default.fileExists(atPath: daemon.dropIn))
    }
    #expect(daemon.terminate().status == 0)
  }

  @Test func aConfigurationThatEdgedRefusesIsPutBack() throws {
    let daemon = try RunningDaemon.thatCouldHear(speech.file())
    try daemon.addDropIn("modle = 1\n")
    let outcome = try daemon.setUp("--device", "pcm:mic")
    #expect(outcome.status == 1)
    #expect(outcome.error.contains("unknown key `modle`"), "\(outcome.error)")
    #expect(!FileManager.default.fileExists(atPath: daemon.dropIn))
    #expect(daemon.terminate().status == 0)
  }

  @Test func withoutATerminalItAsksForFlags() throws {
    let daemon = try RunningDaemon(configuration: "[stream.a]\n[stream.b]\n")
    let several = try daemon.setUp("--device", "pcm:mic")
    #expect(several.status == 64)
    #expect(several.error.contains("several streams (a, b); name one with --stream"))
    let misspelled = try daemon.setUp("--device", "pcm:mic", "--stream", "c")
    #expect(misspelled.status == 64)
    #expect(misspelled.error.contains("no stream “c”; it has a, b."))
    let unasked = try Program(name: "edgectl").run(daemon.setupWords() + ["--stream", "a"])
    #expect(unasked.status != 0)
    #expect(
      unasked.error.contains("say --yes") || unasked.error.contains("no sound card"),
      "\(unasked.error)")
    #expect(daemon.terminate().status == 0)
  }
}
