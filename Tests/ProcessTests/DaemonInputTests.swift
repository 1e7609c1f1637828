import Foundation
import JSON
import Testing

/// The daemon as it is run: everything bad that it can be given.
@Suite struct DaemonInputTests {
  private let folder = try! TemporaryFolder()
  private let speech = Speech()

  /// Runs a daemon that must refuse to start: its status and the one line it says.
  private func refusal(
    _ arguments: [String], configuration: String = "", model: String = Repository.model,
    isolation: SourceLocation = #_sourceLocation
  ) throws -> (status: Int32, line: String) {
    let daemon = try RunningDaemon(arguments, configuration: configuration, model: model)
    let status = daemon.waitForEnd().status
    #expect(status != 0, sourceLocation: isolation)
    #expect(daemon.log.count == 1, "\(daemon.log)", sourceLocation: isolation)
    return (status, daemon.log.first ?? "")
  }

  private func file(_ name: String, _ bytes: some Sequence<UInt8>) throws -> String {
    try Data(bytes).write(to: URL(fileURLWithPath: folder.path(name)))
    return folder.path(name)
  }

  private func model() throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: Repository.model)))
  }

  @Test func aMissingModel() throws {
    let (_, line) = try refusal([], model: "/nonexistent/emotion.edge")
    #expect(line.contains("/nonexistent/emotion.edge"))
    #expect(line.contains("No such file"))
  }

  @Test func aTruncatedModel() throws {
    let good = try model()
    let path = try file("short.edge", good.prefix(good.count / 2))
    #expect(try refusal([], model: path).line.contains("copy it again"))
  }

  @Test func aNamedPipeAsModelIsNotWaitedFor() throws {
    let pipe = folder.path("pipe.edge")
    #expect(mkfifo(pipe, 0o600) == 0)
    let sentence = "cannot use \(pipe) as a model: it is not a file"
    let check = try RunningProgram(
      Program.folder.appending(path: "edged"),
      ["--check-config", "--config", file("pipe.toml", "".utf8), "--model", pipe])
    #expect(check.status() == 78)
    #expect(check.error.contains(sentence), "\(check.error)")
    let configuration = "[stream.main]\ndevice = \"NoSuchCard\"\n"
    let daemon = try RunningDaemon(
      configuration: "model = \"\(Repository.model)\"\n" + configuration, model: "")
    let client = try daemon.client()
    try daemon.configure("model = \"\(pipe)\"\n" + configuration)
    daemon.send(SIGHUP)
    let refused = try client.read(until: "the refusal") { $0["state"]?.string == "rejected" }
    #expect(refused.last?["message"]?.string?.contains(sentence) == true, "\(refused)")
    #expect(daemon.terminate().status == 0)
  }

  @Test func aFolderOfDropInsThatCannotBeReadIsRefusedAtAReload() throws {
    let daemon = try RunningDaemon(configuration: "[stream.main]\ndevice = \"NoSuchCard\"\n")
    let client = try daemon.client()
    let folder = daemon.folder.path("edged.d")
    try Data("[stream.main]\nrole = \"agent\"\n".utf8).write(to: URL(fileURLWithPath: folder))
    daemon.send(SIGHUP)
    let refused = try client.read(until: "the refusal") { $0.isConfiguration("rejected") }
    let message = try #require(refused.last?["message"]?.string)
    #expect(message.contains("\(folder): is no folder"), "\(message)")
    let checked = try Program(name: "edged").run([
      "--check-config", "--config", daemon.folder.path("edged.toml"), "--model", Repository.model,
    ])
    #expect(checked.status == 78)
    #expect(checked.error == "edged: error: \(message)\n", "\(checked.error)")
    #expect(daemon.terminate().status == 0)
  }

  @Test func aStandardInputThatIsClosedIsRefused() throws {
    let closing = ["sh", "-c", "exec \"$@\" <&-", "sh"]
    let sentence = "reads `stdin`, and standard input is closed"
    let started = try RunningDaemon(["--device", "stdin"], under: closing)
    #expect(!started.log.contains { $0.contains("its device runs") }, "\(started.log)")
    #expect(started.log.contains { $0.contains("--device: stream main \(sentence)") })
    started.send(SIGTERM)
    #expect(started.waitForEnd().status == 78)
    let daemon = try RunningDaemon(
      configuration: "[stream.main]\ndevice = \"NoSuchCard\"\n", under: closing)
    let client = try daemon.client()
    try daemon.configure("[stream.main]\ndevice = \"stdin\"\n")
    daemon.send(SIGHUP)
    let refused = try client.read(until: "the refusal") { $0.isConfiguration("rejected") }
    #expect(refused.last?["message"]?.string?.contains(sentence) == true, "\(refused)")
    #expect(daemon.terminate().status == 0)
  }

  @Test func aModelWithOneBitFlipped() throws {
    var bytes = try model()
    bytes[bytes.count / 2] ^= 0x10
    let path = try file("flipped.edge", bytes)
    #expect(try refusal([], model: path).line.contains("SHA-256"))
  }

  @Test func aForeignFileAsModel() throws {
    let path = try file("foreign.edge", Array("GIF89a".utf8) + [UInt8](repeating: 7, count: 4000))
    #expect(try refusal([], model: path).line.contains("not an .edge file"))
  }

  @Test(arguments: [
    ("modle = \"x\"", "edged.toml:1: unknown key `modle`"),
    ("\n[stream.main]\nchannel = \"left\"", "edged.toml:3: `stream.main.channel` must be"),
    ("[stream.main]\nrate = 7", "edged.toml:2: `stream.main.rate` is 7"),
    ("[stream.main]\nrate = 44000", "edged.toml:2: `stream.main.rate` is 44000; sound cards have"),
    ("[stream.main]\ndevice = \"wav:\"", "edged.toml:2: the device name `wav:` stops"),
    ("[alert.a]\nemotions = [\"wrath\"]", "edged.toml:2: `wrath` is no emotion"),
    ("[affect]\nenter_share = 0.2\nleave_share = 0.4", "edged.toml:3: `affect.leave_share`"),
    ("model = \"open", "edged.toml:1: a text is not closed"),
  ])
  func aBadConfiguration(text: String, sentence: String) throws {
    let (status, line) = try refusal([], configuration: text)
    #expect(status == 78)
    #expect(line.contains(sentence), "\(line)")
  }

  @Test func aRateThatNoCardHasIsRefusedAlsoWhereTheDeviceIsNamedOnTheCommandLine() throws {
    let line = try refusedByBoth(
      ["--device", "pcm:null"], configuration: "[stream.main]\nrate = 12345\n")
    #expect(line.contains(":2: `stream.main.rate` is 12345; sound cards have"), "\(line)")
  }

  /// A desk on channel 1 of one device, and somebody else.
  private static let desk = """
    [stream.desk]
    device = "hw:7,0"
    channel = 1
    role = "agent"
    [stream.guest]
    device = "hw:8,0"

    """

  /// What `hello` says of the streams under these arguments: name, role, device and channel.
  private func streams(_ arguments: [String], _ configuration: String) throws -> [String] {
    let daemon = try RunningDaemon(arguments, configuration: configuration)
    let hello = try EventReader(daemon.socket).next()
    #expect(daemon.terminate().status == 0)
    return try #require(hello?["streams"]?.array).map { stream in
      "\(stream["name"]!.string!) \(stream["role"]!.string!) \(stream["device"]!.string!)"
        + " \(stream["channel"]!.integer!)"
    }
  }

  @Test func aDeviceOfTheCommandLineIsHeardAsTheStreamsThatAreConfiguredForIt() throws {
    let both = Self.desk + "[stream.visitor]\ndevice = \"hw:7,0\"\n"
    #expect(try streams(["--device", "hw:7,0"], Self.desk) == ["desk agent hw:7,0 1"])
    #expect(
      try streams(["--device", "hw:8,0", "--device", "hw:7,0"], both)
        == ["guest caller hw:8,0 0", "desk agent hw:7,0 1", "visitor caller hw:7,0 0"])
    let only = "[stream.desk]\nrole = \"agent\"\n"
    #expect(
      try streams(["--device", "hw:7,0", "--device", "hw:8,0"], only)
        == ["desk agent hw:7,0 0", "desk-2 agent hw:8,0 0"])
    let callers = "[stream.a]\n[stream.main]\ndevice = \"hw:8,0\"\n"
    #expect(
      try streams(["--device", "hw:7,0", "--device", "hw:8,0"], callers)
        == ["main-2 caller hw:7,0 0", "main caller hw:8,0 0"])
  }

  @Test func anEmployeeIsNotTakenForACallerBecauseOfADeviceOfTheCommandLine() throws {
    let line = try refusedByBoth(["--device", "hw:9,0"], configuration: Self.desk)
    #expect(
      line.contains("--device: no stream is configured for hw:9,0, and desk is an employee's"),
      "\(line)")
  }

  @Test(arguments: ["info", "error"])
  func theExceptionForEmployeesIsLoggedAtEveryLevel(level: String) throws {
    let daemon = try RunningDaemon(
      configuration: "log_level = \"\(level)\"\n[agents]\nexception = \"safety\"\n" + Self.desk)
    _ = try EventReader(daemon.socket).next()
    #expect(daemon.terminate().status == 0)
    let said = daemon.log.filter { $0.contains("are inferred for safety reasons") }
    #expect(said.count == 1 && said[0].contains("stream desk"), "\(daemon.log)")
    #expect(level == "info" || !daemon.log.contains { $0.contains("edged: info") })
  }

  @Test func checkConfigSaysTheSameWithoutServing() throws {
    let edged = Program(name: "edged")
    let bad = try file("bad.toml", "modle = 1".utf8)
    let refused = try edged.run(["--check-config", "--config", bad, "--model", Repository.model])
    #expect(refused.status == 78)
    #expect(refused.error.contains("bad.toml:1: unknown key `modle`"))
    let good = try file("good.toml", "model = \"\(Repository.model)\"".utf8)
    let accepted = try edged.run(["--check-config", "--config", good])
    #expect(accepted.status == 0, "\(accepted.error)")
    #expect(accepted.output.hasPrefix("\(good): good"))
  }

  private func check(_ name: String, _ text: String, _ arguments: [String] = []) throws
    -> (status: Int32, said: [String])
  {
    let path = try file(name, text.utf8)
    let outcome = try Program(name: "edged").run(["--check-config", "--config", path] + arguments)
    let said = outcome.error.split(separator: "\n").map {
      String($0).replacingOccurrences(of: folder.url.path + "/", with: "")
    }
    return (outcome.status, said)
  }

  @Test func theCheckSaysAllThatIsWrongInTheOrderOfTheLines() throws {
    let (status, said) = try check(
      "wrong.toml",
      """
      modle = "x"
      model = "nowhere.edge"
      socket = "/nonexistent/events.sock"
      [stream.a]
      device = "stdin"
      [stream.b]
      device = "stdin"
      [stream.c]
      device = "wav:/nonexistent/call.wav"
      [alert.x]
      share = 0
      emotions = ["wrath"]
      [alert.y]
      share = 0.5
      """)
    #expect(status == 78)
    let beginnings = [
      "1: unknown key `modle`", "2: cannot read the model nowhere.edge",
      "3: there is no folder /nonexistent for the socket",
      "7: streams a and b both read `stdin`",
      "9: stream c: /nonexistent/call.wav: cannot be opened",
      "11: `alert.x.share` is 0", "12: `wrath` is no emotion", "13: alert `y` names no emotion",
    ]
    #expect(said.count == beginnings.count, "\(said)")
    #expect(said[1].hasSuffix("It is looked for in the folder that edged is started in."))
    for (line, beginning) in zip(said, beginnings) {
      #expect(line.hasPrefix("edged: error: wrong.toml:\(beginning)"), "\(line)")
    }
  }

  @Test func theStartSaysAllThatIsWrongAsWell() throws {
    let daemon = try RunningDaemon(configuration: "modle = 1\n[alert.x]\nemotions = [\"wrath\"]\n")
    #expect(daemon.waitForEnd().status == 78)
    #expect(daemon.log.count == 2, "\(daemon.log)")
  }

  @Test func theCheckSaysWhereARelativePathBegins() throws {
    let (status, said) = try check(
      "relative.toml", "[stream.a]\ndevice = \"wav:call.wav\"", ["--model", Repository.model])
    #expect(status == 78, "\(said)")
    let (_, doubts) = try check(
      "model.toml", "model = \"\(relative(Repository.model))\"\n[stream.a]\ndevice = \"none\"")
    #expect(
      doubts.first?.contains("is looked for in the folder that edged is started in") == true,
      "\(doubts)")
  }

  /// The same path, from the folder in which the tests run.
  private func relative(_ path: String) -> String {
    let up = FileManager.default.currentDirectoryPath.split(separator: "/").map { _ in "../" }
    return up.joined() + path.dropFirst()
  }

  @Test func theCheckDoubtsWhatIsHeardTwiceAndACardThatIsAPCM() throws {
    let (status, said) = try check(
      "twins.toml", "[stream.a]\ndevice = \"default\"\n[stream.b]\ndevice = \"default\"",
      ["--model", Repository.model])
    #expect(status == 0, "\(said)")
    #expect(said.count == 3, "\(said)")
    #expect(said.first?.contains("streams a and b hear the same channel of default") == true)
    #expect(said.last?.contains("write pcm:default if that is meant") == true)
  }

  /// What both the check and the daemon itself say, and with which status they end.
  private func refusedByBoth(
    _ arguments: [String], configuration: String = "", model: String = Repository.model
  ) throws -> String {
    let path = try file("\(UUID().uuidString).toml", configuration.utf8)
    let checked = try Program(name: "edged").run(
      ["--check-config", "--config", path, "--model", model] + arguments)
    let started = try refusal(arguments, configuration: configuration, model: model)
    #expect(checked.status == 78)
    #expect(started.status == 78)
    #expect(checked.error.split(separator: "\n").count == 1, "\(checked.error)")
    return checked.error
  }

  @Test func theCheckAndTheStartRefuseABadModelAlike() throws {
    #expect(try refusedByBoth([], model: "/nonexistent.edge").contains("/nonexistent.edge"))
    let foreign = try file("foreign.edge", Array("GIF89a".utf8) + [UInt8](repeating: 7, count: 99))
    #expect(try refusedByBoth([], model: foreign).contains("not an .edge file"))
  }

  @Test func theCheckAndTheStartRefuseASocketPathThatIsTooLong() throws {
    let long = "/tmp/" + String(repeating: "x", count: 120)
    #expect(try refusedByBoth(["--socket", long]).contains("--socket: the socket's path"))
    #expect(try refusedByBoth(["--control-socket", long]).contains("choose a shorter one"))
    #expect(
      try refusedByBoth(["--control-socket", "/tmp/e.sock", "--socket", "/tmp/e.sock"])
        .contains("/tmp/e.sock is the event socket; give the control socket a path of its own"))
    let written = try Program(name: "edged").run([
      "--check-config", "--config", file("long.toml", "\nsocket = \"\(long)\"".utf8), "--model",
      Repository.model,
    ])
    #expect(written.status == 78)
    #expect(written.error.contains("long.toml:2: the socket's path"), "\(written.error)")
  }

  @Test(arguments: [
    ("device = \"USB Microphone\"", "can be no card"), ("device = \"by-pth:x\"", "by-path:"),
    ("device = \"stdin\"\nchannel = 1", "`stdin` has one channel"),
    ("device = \"stdin\"\nrate = 48000", "`stdin` has one channel"),
  ])
  func theCheckAndTheStartRefuseADeviceThatCannotBe(lines: String, sentence: String) throws {
    let line = try refusedByBoth([], configuration: "[stream.main]\n\(lines)\n")
    #expect(line.contains(sentence), "\(line)")
    #expect(line.contains(".toml:2: "), "\(line)")
  }

  @Test func theCheckRefusesARecordingThatIsNotThere() throws {
    let outcome = try Program(name: "edged").run([
      "--check-config", "--config", file("wav.toml", "".utf8), "--model", Repository.model,
      "--device", "wav:/nonexistent/call.wav",
    ])
    #expect(outcome.status == 78)
    #expect(outcome.error.contains("/nonexistent/call.wav: cannot be opened"), "\(outcome.error)")
  }

  @Test func theCheckWarnsOfWhatCanBeAndIsHardlyMeant() throws {
    let whole = try Data(contentsOf: URL(fileURLWithPath: speech.file()))
    let cut = try file("cut.wav", whole.prefix(whole.count / 2))
    let configuration = """
      [stream.bogus]
      device = "bogus:xx"
      [stream.card]
      device = "hw:77,0"
      [stream.cut]
      device = "wav:\(cut)"
      [alert.never]
      emotions = ["calm"]
      [alert.half]
      emotions = ["calm", "angry"]
      [alert.good]
      emotions = ["angry"]
      """
    let path = try file("doubtful.toml", configuration.utf8)
    let outcome = try Program(name: "edged").run(
      ["--check-config", "--config", path, "--model", Repository.model])
    #expect(outcome.status == 0, "\(outcome.error)")
    let said = outcome.error.split(separator: "\n")
    #expect(said.count == 4, "\(said)")
    for sentence in [
      "warning: alert half: the model has no calm, so that only the others count",
      "warning: alert never: the model has no calm, so that it never fires",
      "warning: stream bogus: libasound's configuration has no PCM bogus:xx",
      "warning: stream cut: \(cut) is cut off",
    ] {
      #expect(said.contains { $0.contains(sentence) }, "\(sentence) is not among \(said)")
    }
    let daemon = try RunningDaemon(configuration: configuration)
    #expect(daemon.log.contains { $0.contains("alert never: the model has no calm") })
    #expect(daemon.log.contains { $0.contains("\(cut) is cut off") })
    #expect(daemon.terminate().status == 0)
  }

  @Test(arguments: [0, 0x7FFF_F024, 0xFFFF_FFFF])
  func aRecordingOfOpenLengthIsWhole(length: UInt32) throws {
    var bytes = wave(data: [UInt8](repeating: 1, count: 3200))
    for index in 0..<4 { bytes[40 + index] = UInt8(truncatingIfNeeded: length >> (8 * index)) }
    let path = try file("open-\(length).wav", bytes)
    let outcome = try Program(name: "edged").run([
      "--check-config", "--config", file("open.toml", "".utf8), "--model", Repository.model,
      "--device", "wav:\(path)",
    ])
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(outcome.error == "")
  }

  @Test func moreStreamsThanTheUnitHasMemoryAndThreadsForAreRefused() throws {
    let one = "[stream.main]\ndevice = \"NoSuchCard\"\n"
    let many = (1...17).map { "[stream.s\($0)]\ndevice = \"NoSuchCard\"\n" }.joined()
    #expect(try refusedByBoth([], configuration: many).contains("17 streams"))
    let daemon = try RunningDaemon(configuration: one)
    let client = try daemon.client()
    try daemon.configure(many)
    daemon.send(SIGHUP)
    let lines = try client.read(until: "config") { $0.isConfiguration("rejected") }
    #expect(lines.last?["message"]?.string?.contains("17 streams") == true, "\(lines.last!)")
    #expect(daemon.terminate().status == 0)
  }

  @Test func aReloadRefusesWhatTheCheckRefuses() throws {
    let daemon = try RunningDaemon(configuration: "[stream.main]\ndevice = \"NoSuchCard\"\n")
    let client = try daemon.client()
    let missing = "[stream.main]\ndevice = \"wav:/nonexistent/call.wav\"\n"
    try daemon.configure(missing)
    daemon.send(SIGHUP)
    let lines = try client.read(until: "config") { $0.isConfiguration("rejected") }
    let message = try #require(lines.last?["message"]?.string)
    #expect(message.contains("/nonexistent/call.wav: cannot be opened"), "\(message)")
    let checked = try Program(name: "edged").run([
      "--check-config", "--config", daemon.folder.path("edged.toml"), "--model", Repository.model,
    ])
    #expect(checked.status == 78)
    #expect(checked.error.contains(message), "\(checked.error)")
    #expect(daemon.terminate().status == 0)
  }

  @Test func aConfigurationThatIsNotThereIsNotNamed() throws {
    guard !FileManager.default.fileExists(atPath: "/etc/edged/edged.toml") else { return }
    let checked = try Program(name: "edged").run(["--check-config", "--model", Repository.model])
    #expect(checked.output.hasPrefix("no configuration file, so every default: good"))
    let socket = folder.path("plain.sock")
    let daemon = try RunningProgram(
      Program.folder.appending(path: "edged"),
      ["--model", Repository.model, "--socket", socket, "--device", "NoSuchCard"])
    for _ in 0..<1000 where !FileManager.default.fileExists(atPath: socket) { usleep(10_000) }
    let client = try EventReader(socket)
    client.send("{\"cmd\":\"replay\",\"n\":100}\n")
    let loaded = try #require(try client.read(until: "config").last)
    #expect(loaded["state"]?.string == "loaded")
    #expect(loaded["path"] == nil)
    daemon.send(SIGTERM)
    #expect(daemon.status() == 0)
  }

  @Test func aByteOrderMarkIsNoPartOfTheConfiguration() throws {
    let marked = try file("marked.toml", "\u{FEFF}log_level = \"info\"\n".utf8)
    let outcome = try Program(name: "edged").run(
      ["--check-config", "--config", marked, "--model", Repository.model])
    #expect(outcome.status == 0, "\(outcome.error)")
  }

  @Test func theExampleConfigurationIsGood() throws {
    let example = Repository.root.appending(path: "systemd/edged.toml").path
    let outcome = try Program(name: "edged").run(
      ["--check-config", "--config", example, "--model", Repository.model])
    #expect(outcome.status == 0, "\(outcome.error)")
  }

  @Test func aSocketPathThatIsTaken() throws {
    let path = try file("events.sock", "precious".utf8)
    let daemon = try RunningDaemon(["--socket", path])
    #expect(daemon.waitForEnd().status != 0)
    #expect(daemon.log.first?.contains("is not a socket") == true)
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "precious")
    let first = try RunningDaemon(["--device", "NoSuchCard"])
    let second = try RunningDaemon(["--socket", first.socket])
    #expect(second.waitForEnd().status != 0)
    #expect(second.log.first?.contains("another process serves on") == true)
    #expect(try EventReader(first.socket).next()?.type == "hello")
  }

  @Test func aSocketPathThatIsTooLongOrNowhere() throws {
    let long = "/tmp/" + String(repeating: "x", count: 120)
    #expect(try refusal(["--socket", long]).line.contains("choose a shorter one"))
    #expect(
      try refusal(["--socket", "/nonexistent/events.sock"]).line.contains("no folder /nonexistent"))
  }

  @Test(arguments: [
    ["--nonsense"], ["--model"], ["--config="], ["--model", ""], ["surplus"], ["--version=3"],
  ])
  func aBadCommandLine(arguments: [String]) throws {
    let outcome = try Program(name: "edged").run(arguments)
    #expect(outcome.status == 64)
    #expect(outcome.error.split(separator: "\n").count == 1)
  }

  @Test func itsHelpHasAShortName() throws {
    let edged = Program(name: "edged")
    #expect(try edged.run(["-h"]).output == edged.run(["--help"]).output)
    #expect(try edged.run(["-x"]).error.contains("unknown option -x"))
  }

  @Test(arguments: [
    ("missing.wav", nil, "cannot be opened"),
    ("text.wav", Array("hello".utf8), "is not a WAV file"),
    ("empty.wav", wave(data: []), "has no samples"),
    ("odd.wav", wave(rate: 12_345, data: [1, 0, 2, 0]), "has a rate of 12345 Hz"),
    ("float.wav", wave(bits: 32, tag: 3, data: [0, 0, 0, 0]), "has WAV encoding 3"),
  ])
  func aBadRecordingIsAStateOfTheDevice(
    name: String, bytes: [UInt8]?, sentence: String
  ) throws {
    let path = try bytes.map { try file(name, $0) } ?? folder.path(name)
    let daemon = try RunningDaemon(["--device", "wav:\(path)"])
    let lines = try daemon.client().read(until: "the state") { $0.isDevice("absent") }
    #expect(lines.last?["reason"]?.string == "bad_file")
    #expect(lines.last?["message"]?.string?.contains(sentence) == true, "\(lines.last!)")
    #expect(daemon.terminate().status == 0)
  }

  @Test(arguments: [(24, 1, 48_000), (16, 2, 44_100), (32, 1, 16_000), (16, 1, 8000)])
  func aRecordingOfAnotherKindIsHeard(bits: Int, channels: Int, rate: Int) throws {
    let clip = try speech.file(
      format: ["-r", "\(rate)", "-b", "\(bits)", "-c", "\(channels)", "-t", "wavpcm"])
    let daemon = try RunningDaemon(["--device", "wav-fast:\(clip)"])
    let lines = try daemon.client().read(until: "the end") { $0["reason"]?.string == "ended" }
    #expect(lines.contains { $0.type == "speech_end" })
    #expect(lines.last?["message"]?.string == "wav-fast:\(clip) has come to its end")
    #expect(daemon.log.contains { $0.contains("wav-fast:\(clip) has come to its end") })
    #expect(daemon.terminate().status == 0)
  }
}

/// The bytes of a mono WAV file.
private func wave(
  rate: Int = 16_000, bits: Int = 16, tag: Int = 1, data: [UInt8]
) -> [UInt8] {
  func number(_ value: Int, _ bytes: Int) -> [UInt8] {
    (0..<bytes).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
  let format =
    Array("fmt ".utf8) + number(16, 4) + number(tag, 2) + number(1, 2) + number(rate, 4)
    + number(rate * bits / 8, 4) + number(bits / 8, 2) + number(bits, 2)
  return Array("RIFF".utf8) + number(36 + data.count, 4) + Array("WAVE".utf8) + format
    + Array("data".utf8) + number(data.count, 4) + data
}
