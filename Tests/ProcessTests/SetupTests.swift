import Foundation
import TestSupport
import Testing

/// `edgectl setup`, on the real daemon.
@Suite(.waiting) struct SetupTests {
  private let speech = Speech()

  /// A daemon on a card that is not there, which could have a microphone that plays `clip`.
  private func daemon(playing clip: String) throws -> RunningDaemon {
    let microphone = try PacedMicrophone(playing: clip)
    let daemon = try RunningDaemon(
      ["--control-socket", "{folder}/control.sock"],
      configuration: "[stream.main]\ndevice = \"NoSuchCard\"\n",
      environment: microphone.environment, keeping: microphone.folder)
    try daemon.client().read(until: "the state") { $0.isDevice("absent") }
    return daemon
  }

  private func longSpeech() throws -> String {
    let clip = try speech.file()
    let long = speech.folder.path("long.wav")
    let sox = try Program.run(
      Program.onPath("sox"), ["-R"] + Array(repeating: clip, count: 6) + [long])
    #expect(sox.status == 0, "\(sox.error)")
    return long
  }

  private func arguments(_ daemon: RunningDaemon) -> [String] {
    [
      "setup", "--config", daemon.folder.path("edged.toml"), "--socket", daemon.socket,
      "--control-socket", daemon.folder.path("control.sock"),
    ]
  }

  private func setUp(_ daemon: RunningDaemon, _ further: String...) throws -> Program.Outcome {
    try Program(name: "edgectl").run(arguments(daemon) + further)
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

  private func dropIn(_ daemon: RunningDaemon) -> String {
    daemon.folder.path("edged.d/50-setup.toml")
  }

  @Test func aMicrophoneIsTakenIntoServiceAndSomebodyHeard() throws {
    let daemon = try daemon(playing: longSpeech())
    let outcome = try setUp(daemon, "--yes", "--device", "pcm:mic")
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(outcome.lines.count == 4, "\(outcome.output)")
    #expect(outcome.lines[0] == "\(dropIn(daemon)): stream main hears pcm:mic")
    #expect(outcome.lines[1] == "main: pcm:mic runs")
    #expect(outcome.lines[2].contains("dBFS, peak"))
    #expect(outcome.lines[3] == "main: somebody speaks; it is done")
    let hello = try #require(try EventReader(daemon.socket).next())
    #expect(hello["streams"]?.array?.first?["device"]?.string == "pcm:mic")
    // Once more changes nothing, and is as good.
    let again = try setUp(daemon, "--yes", "--device", "pcm:mic", "--wait", "0")
    #expect(again.status == 0, "\(again.error)")
    #expect(again.lines[..<2] == outcome.lines[..<2], "\(again.output)")
    #expect(try String(contentsOfFile: dropIn(daemon), encoding: .utf8).contains("pcm:mic"))
    let attributes = try FileManager.default.attributesOfItem(atPath: dropIn(daemon))
    #expect(attributes[.posixPermissions] as? Int == 0o644)
    #expect(daemon.terminate().status == 0)
  }

  @Test func theDaemonsUserCanReadItWhateverTheMaskForNewFiles() throws {
    let daemon = try daemon(playing: speech.file())
    let edgectl = Program.folder.appending(path: "edgectl").path
    let outcome = try Program.run(
      URL(fileURLWithPath: "/bin/sh"),
      ["-c", "umask 077; exec \"$@\"", "sh", edgectl] + arguments(daemon)
        + ["--yes", "--device", "pcm:mic", "--wait", "0"])
    #expect(outcome.status == 0, "\(outcome.error)")
    for (path, permissions) in [(daemon.folder.path("edged.d"), 0o755), (dropIn(daemon), 0o644)] {
      let attributes = try FileManager.default.attributesOfItem(atPath: path)
      #expect(attributes[.posixPermissions] as? Int == permissions, "\(path)")
    }
    #expect(daemon.terminate().status == 0)
  }

  @Test func oneStreamAfterTheOtherIsSetUp() throws {
    let microphone = try PacedMicrophone(playing: speech.file())
    let streams = ["desk", "guest"].map { "[stream.\($0)]\ndevice = \"NoSuchCard\"\n" }
    let daemon = try RunningDaemon(
      ["--control-socket", "{folder}/control.sock"], configuration: streams.joined(),
      environment: microphone.environment, keeping: microphone.folder)
    try daemon.client().read(until: "the state") {
      $0["stream"]?.string == "guest" && $0.isDevice("absent")
    }
    try FileManager.default.createDirectory(
      atPath: daemon.folder.path("edged.d"), withIntermediateDirectories: true)
    try Data("# mine\n[stream.desk] # in front\n  device=\"None\"\nrole = \"agent\"\n".utf8)
      .write(to: URL(fileURLWithPath: dropIn(daemon)))
    for (stream, device) in [("guest", "pcm:mic"), ("desk", "pcm:mic"), ("guest", "plug:mic")] {
      let outcome = try setUp(
        daemon, "--yes", "--stream", stream, "--device", device, "--wait", "0")
      #expect(outcome.status == 0, "\(outcome.output)\(outcome.error)")
    }
    let expected = """
      # mine
      [stream.desk] # in front
      device = "pcm:mic"
      role = "agent"

      [stream."guest"]
      device = "plug:mic"

      """
    #expect(try String(contentsOfFile: dropIn(daemon), encoding: .utf8) == expected)
    let served = try #require(try EventReader(daemon.socket).next()?["streams"]?.array)
    #expect(served.map { $0["device"]?.string } == ["pcm:mic", "plug:mic"])
    #expect(served.map { $0["role"]?.string } == ["agent", "caller"])
    #expect(daemon.terminate().status == 0)
  }

  @Test func aConfigurationThatNobodyReadsIsNoSuccess() throws {
    let daemon = try RunningDaemon(
      configuration: "[stream.main]\ndevice = \"wav:\(longSpeech())\"\n")
    let other = daemon.folder.path("other.toml")
    let outcome = try setUp(daemon, "--yes", "--device", "pcm:mic", "--config", other)
    #expect(outcome.status == 1, "\(outcome.output)")
    #expect(outcome.error.contains("and not \(other); name it with --config"), "\(outcome.error)")
    #expect(!FileManager.default.fileExists(atPath: daemon.folder.path("other.d")))
    #expect(daemon.terminate().status == 0)
  }

  @Test func aConfigurationThatNobodyReadsIsNoSuccessOfADeviceThatIsHeardAlready() throws {
    let daemon = try daemon(playing: longSpeech())
    #expect(try setUp(daemon, "--yes", "--device", "pcm:mic", "--wait", "0").status == 0)
    let other = daemon.folder.path("other.toml")
    let outcome = try setUp(daemon, "--yes", "--device", "pcm:mic", "--config", other)
    #expect(outcome.status == 1, "\(outcome.output)")
    #expect(
      outcome.error.contains(
        "edged reads \(daemon.folder.path("edged.toml")) and not \(other); name it with --config"),
      "\(outcome.error)")
    #expect(!FileManager.default.fileExists(atPath: daemon.folder.path("other.d")))
    #expect(daemon.terminate().status == 0)
  }

  @Test func whatALaterDropInSaysHolds() throws {
    let daemon = try daemon(playing: longSpeech())
    let folder = daemon.folder.path("edged.d")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data("[stream.main]\ndevice = \"NoSuchCard\"\n".utf8).write(
      to: URL(fileURLWithPath: "\(folder)/90-mine.toml"))
    let outcome = try setUp(daemon, "--yes", "--device", "pcm:mic")
    #expect(outcome.status == 1, "\(outcome.output)")
    #expect(outcome.error.contains("a drop-in after this one says so"), "\(outcome.error)")
    #expect(daemon.terminate().status == 0)
  }

  @Test func whoSpeaksAlreadyIsHeard() throws {
    let daemon = try daemon(playing: endlessSpeech())
    let client = try daemon.client()
    #expect(try setUp(daemon, "--yes", "--device", "pcm:mic", "--wait", "0").status == 0)
    try client.read(until: "a segment that goes on") {
      $0["type"]?.string == "emotion" && $0["final"]?.bool == false
    }
    let outcome = try setUp(daemon, "--yes", "--device", "pcm:mic", "--wait", "8")
    #expect(outcome.status == 0, "\(outcome.output)\(outcome.error)")
    #expect(outcome.lines.last == "main: somebody speaks; it is done")
    #expect(daemon.terminate().status == 0)
  }

  /// Speech without a pause at which a segment could end.
  private func endlessSpeech() throws -> String {
    let endless = speech.folder.path("endless.wav")
    let clip = try speech.file()
    let sox = try Program.run(
      Program.onPath("sox"),
      ["-R"] + Array(repeating: clip, count: 30)
        + [endless, "silence", "1", "0.02", "3%", "-1", "0.02", "3%"])
    #expect(sox.status == 0, "\(sox.error)")
    return endless
  }

  @Test func whereNobodySpeaksItSaysSo() throws {
    let quiet = speech.folder.path("quiet.wav")
    let sox = try Program.run(
      Program.onPath("sox"),
      ["-R", "-n", "-r", "16000", "-b", "16", quiet, "synth", "10", "whitenoise", "vol", "0.001"])
    #expect(sox.status == 0, "\(sox.error)")
    let daemon = try daemon(playing: quiet)
    let outcome = try setUp(daemon, "--yes", "--device", "pcm:mic", "--wait", "1")
    #expect(outcome.status == 3, "\(outcome.output)\(outcome.error)")
    #expect(outcome.error.contains("nobody was heard"))
    #expect(daemon.terminate().status == 0)
  }

  @Test func whatCannotBeHeardLeavesTheConfigurationAsItWas() throws {
    let daemon = try daemon(playing: speech.file())
    let folder = daemon.folder.path("edged.d")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let before = "# somebody's own\n"
    try Data(before.utf8).write(to: URL(fileURLWithPath: dropIn(daemon)))
    // A channel that one-channel sound does not have.
    try Data("[stream.main]\nchannel = 7\n".utf8).write(
      to: URL(fileURLWithPath: "\(folder)/90-channel.toml"))
    let outcome = try setUp(daemon, "--yes", "--device", "pcm:mic")
    #expect(outcome.status == 1)
    #expect(outcome.error.contains("channel 7 was asked for"), "\(outcome.error)")
    #expect(outcome.error.contains("The configuration is as it was."))
    #expect(try String(contentsOfFile: dropIn(daemon), encoding: .utf8) == before)
    #expect(try setUp(daemon, "--yes", "--device", "by-pth:x").status == 64)
    #expect(daemon.terminate().status == 0)
  }

  @Test(arguments: [SIGINT, SIGTERM]) func interruptedItPutsBackWhatWasThere(signal: Int32) throws {
    let daemon = try daemon(playing: speech.file())
    let folder = daemon.folder.path("edged.d")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let before = "# somebody's own\n"
    try Data(before.utf8).write(to: URL(fileURLWithPath: dropIn(daemon)))
    // One that ALSA does not know, for which it waits 3 s.
    let process = Process()
    process.executableURL = Program.folder.appending(path: "edgectl")
    process.arguments = arguments(daemon) + ["--yes", "--device", "pcm:none"]
    let errors = Pipe()
    process.standardOutput = FileHandle.nullDevice
    process.standardError = errors
    try process.run()
    var written = ""
    for _ in 0..<500 where !written.contains("pcm:none") {
      usleep(10_000)
      written = try String(contentsOfFile: dropIn(daemon), encoding: .utf8)
    }
    #expect(written.contains("pcm:none"))
    // While it waits for the microphone.
    waitForReloads(1, of: daemon)
    kill(process.processIdentifier, signal)
    process.waitUntilExit()
    #expect(process.terminationStatus == 1 && process.terminationReason == .exit)
    let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    #expect(said.contains("interrupted. The configuration is as it was."), "\(said)")
    #expect(try String(contentsOfFile: dropIn(daemon), encoding: .utf8) == before)
    waitForReloads(2, of: daemon)
    #expect(daemon.terminate().status == 0)
  }

  @Test(arguments: [("0", 0.0), ("1", 1.0)])
  func aMicrophoneThatDoesNotOpenIsGivenUpInTime(wait: String, least: Double) throws {
    let daemon = try daemon(playing: speech.file())
    let start = Date()
    let outcome = try setUp(daemon, "--yes", "--device", "pcm:none", "--wait", wait)
    let seconds = Date().timeIntervalSince(start)
    #expect(outcome.status == 1)
    #expect(seconds >= least && seconds < least + 5, "\(seconds) s")
    let said = outcome.error.split(separator: "\n").map(String.init)
    #expect(said.first == "edgectl: edged reads its configuration again.", "\(outcome.error)")
    #expect(said.contains("edgectl: pcm:none is being opened."), "\(outcome.error)")
    #expect(said.last?.contains("libasound knows no PCM pcm:none") == true, "\(outcome.error)")
    #expect(said.count == 3, "\(outcome.error)")
    #expect(!FileManager.default.fileExists(atPath: dropIn(daemon)))
    #expect(daemon.terminate().status == 0)
  }

  @Test func theDeviceThatFailsAlreadySaysWhyAtOnce() throws {
    let daemon = try RunningDaemon(configuration: "[stream.main]\ndevice = \"pcm:none\"\n")
    try daemon.client().read(until: "the state") { $0.isDevice("absent") }
    let outcome = try setUp(daemon, "--yes", "--device", "pcm:none")
    #expect(outcome.status == 1)
    #expect(
      outcome.error.contains("main hears pcm:none already: libasound knows no PCM"),
      "\(outcome.error)")
    #expect(!daemon.log.contains { $0.contains("the configuration was read again") })
    #expect(daemon.terminate().status == 0)
  }

  @Test func afterADeviceThatFailedTheNextOneIsTried() throws {
    let daemon = try daemon(playing: speech.file())
    #expect(try setUp(daemon, "--yes", "--device", "pcm:mic", "--wait", "0").status == 0)
    #expect(try setUp(daemon, "--yes", "--device", "pcm:none", "--wait", "1").status == 1)
    let outcome = try setUp(daemon, "--yes", "--device", "pcm:mic", "--wait", "0")
    #expect(outcome.status == 0, "\(outcome.output)\(outcome.error)")
    #expect(daemon.terminate().status == 0)
  }

  @Test func aPausedStreamIsNotSetUp() throws {
    let daemon = try daemon(playing: speech.file())
    let control = daemon.folder.path("control.sock")
    #expect(try Program(name: "edgectl").run(["pause", "--socket", control]).status == 0)
    let outcome = try setUp(daemon, "--yes", "--device", "pcm:mic")
    #expect(outcome.status == 1)
    #expect(outcome.error.contains("main is paused"), "\(outcome.error)")
    #expect(outcome.error.contains("edgectl resume main"))
    #expect(!FileManager.default.fileExists(atPath: dropIn(daemon)))
    #expect(daemon.terminate().status == 0)
  }

  @Test func withoutAConfigurationItAsksForItsName() throws {
    let daemon = try daemon(playing: speech.file())
    let outcome = try setUp(
      daemon, "--yes", "--device", "pcm:mic", "--config", "/nonexistent/edged.toml")
    #expect(outcome.status == 1)
    #expect(outcome.error.contains("cannot write /nonexistent/edged.d"), "\(outcome.error)")
    #expect(outcome.error.contains("name with --config"), "\(outcome.error)")
    #expect(daemon.terminate().status == 0)
  }

  @Test func aCardThatIsNotThereIsRefusedAtOnce() throws {
    let daemon = try daemon(playing: speech.file())
    for card in ["NoSuchMic", "by-path:platform-none", "auto"] {
      let outcome = try setUp(daemon, "--yes", "--device", card)
      #expect(outcome.status == 1, "\(outcome.output)")
      #expect(
        outcome.error.contains("is not there; plug it in")
          || outcome.error.contains("no sound card"),
        "\(outcome.error)")
      #expect(!FileManager.default.fileExists(atPath: dropIn(daemon)))
    }
    #expect(daemon.terminate().status == 0)
  }

  @Test func aConfigurationThatEdgedRefusesIsPutBack() throws {
    let daemon = try daemon(playing: speech.file())
    let folder = daemon.folder.path("edged.d")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data("modle = 1\n".utf8).write(to: URL(fileURLWithPath: "\(folder)/90-bad.toml"))
    let outcome = try setUp(daemon, "--yes", "--device", "pcm:mic")
    #expect(outcome.status == 1)
    #expect(outcome.error.contains("unknown key `modle`"), "\(outcome.error)")
    #expect(!FileManager.default.fileExists(atPath: dropIn(daemon)))
    #expect(daemon.terminate().status == 0)
  }

  @Test func withoutATerminalItAsksForFlags() throws {
    let daemon = try RunningDaemon(configuration: "[stream.a]\n[stream.b]\n")
    let several = try setUp(daemon, "--yes", "--device", "pcm:mic")
    #expect(several.status == 64)
    #expect(several.error.contains("several streams (a, b); name one with --stream"))
    let misspelled = try setUp(daemon, "--yes", "--device", "pcm:mic", "--stream", "c")
    #expect(misspelled.status == 64)
    #expect(misspelled.error.contains("no stream “c”; it has a, b."))
    let unasked = try setUp(daemon, "--stream", "a")
    #expect(unasked.status != 0)
    #expect(
      unasked.error.contains("say --yes") || unasked.error.contains("no sound card"),
      "\(unasked.error)")
    #expect(daemon.terminate().status == 0)
  }
}
