import Foundation
import TestSupport
import Testing

/// The daemon as it is run: configurations that the check and the start refuse, each in a sentence.
@Suite(.waiting) struct DaemonConfigurationTests {
  private let input = DaemonInput()

  @Test(arguments: [
    ("modle = \"x\"", "edged.toml:1: unknown key `modle`"),
    ("\n[stream.main]\nchannel = \"left\"", "edged.toml:3: `stream.main.channel` must be"),
    ("[stream.main]\nrate = 7", "edged.toml:2: `stream.main.rate` is 7"),
    ("[stream.main]\nrate = 44000", "edged.toml:2: `stream.main.rate` is 44000; sound cards have"),
    ("[stream.main]\ndevice = \"wav:\"", "edged.toml:2: the device name `wav:` stops"),
    ("[alert.a]\nemotions = [\"wrath\"]", "edged.toml:2: `wrath` is no emotion"),
    (
      "[alert.a]\nemotions = [\"sad\", \"sad\"]", "edged.toml:2: alert `a` names an emotion twice"
    ),
    ("[affect]\nenter_share = 0.2\nleave_share = 0.4", "edged.toml:3: `affect.leave_share`"),
    ("model = \"open", "edged.toml:1: a text is not closed"),
  ])
  func aBadConfiguration(text: String, sentence: String) throws {
    let (status, line) = try input.refusal(configuration: text)
    #expect(status == 78)
    #expect(line.contains(sentence), "\(line)")
  }

  @Test func theStartSaysAllThatIsWrong() throws {
    let daemon = try RunningDaemon(configuration: "modle = 1\n[alert.x]\nemotions = [\"wrath\"]\n")
    #expect(daemon.waitForEnd().status == 78)
    #expect(daemon.log.count == 2, "\(daemon.log)")
  }

  @Test(arguments: [
    ("device = \"USB Microphone\"", "can be no card"), ("device = \"by-pth:x\"", "by-path:"),
    ("device = \"stdin\"\nchannel = 1", "`stdin` has one channel"),
    ("device = \"stdin\"\nrate = 48000", "`stdin` has one channel"),
  ])
  func theCheckAndTheStartRefuseADeviceThatCannotBe(lines: String, sentence: String) throws {
    let line = try input.refusedByBoth(configuration: "[stream.main]\n\(lines)\n")
    #expect(line.contains(sentence), "\(line)")
    #expect(line.contains(".toml:2: "), "\(line)")
  }

  @Test func aRateThatNoCardHasIsRefusedAlsoWhereTheDeviceIsNamedOnTheCommandLine() throws {
    let line = try input.refusedByBoth(
      ["--device", "pcm:null"], configuration: "[stream.main]\nrate = 12345\n")
    #expect(line.contains(":2: `stream.main.rate` is 12345; sound cards have"), "\(line)")
  }

  @Test(arguments: ["info", "error"])
  func theExceptionForEmployeesIsLoggedAtEveryLevel(level: String) throws {
    let daemon = try RunningDaemon(
      configuration: """
        log_level = "\(level)"
        [agents]
        exception = "safety"
        [stream.desk]
        device = "hw:7,0"
        role = "agent"
        [stream.guest]
        device = "hw:8,0"

        """)
    _ = try EventReader(daemon.socket).next()
    #expect(daemon.terminate().status == 0)
    let said = daemon.log.filter { $0.contains("are inferred for safety reasons") }
    #expect(said.count == 1 && said[0].contains("stream desk"), "\(daemon.log)")
    #expect(level == "info" || !daemon.log.contains { $0.contains("edged: info") })
  }

  @Test func aConfigurationThatIsNotThereIsNotNamed() throws {
    guard !FileManager.default.fileExists(atPath: "/etc/edged/edged.toml") else { return }
    let checked = try Program(name: "edged").run(["--check-config", "--model", Repository.model])
    #expect(checked.output.hasPrefix("no configuration file, so every default: good"))
    let socket = input.path("plain.sock")
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
}
