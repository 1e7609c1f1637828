import Foundation
import JSON
import TestSupport
import Testing

/// The daemon as it is run: what its command line says, and how that goes with a configuration.
@Suite(.waiting) struct DaemonCommandLineTests {
  private let input = DaemonInput()
  private let long = "/tmp/" + String(repeating: "x", count: 120)

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

  // MARK: Devices

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

  @Test func aDeviceIsHeardAsTheStreamsThatAreConfiguredForIt() throws {
    let both = Self.desk + stream("visitor", hears: "hw:7,0")
    #expect(try streams(["--device", "hw:7,0"], Self.desk) == ["desk agent hw:7,0 1"])
    #expect(
      try streams(["--device", "hw:8,0", "--device", "hw:7,0"], both)
        == ["guest caller hw:8,0 0", "desk agent hw:7,0 1", "visitor caller hw:7,0 0"])
    let only = "[stream.desk]\nrole = \"agent\"\n"
    #expect(
      try streams(["--device", "hw:7,0", "--device", "hw:8,0"], only)
        == ["desk agent hw:7,0 0", "desk-2 agent hw:8,0 0"])
    let callers = "[stream.a]\n" + stream(hears: "hw:8,0")
    #expect(
      try streams(["--device", "hw:7,0", "--device", "hw:8,0"], callers)
        == ["main-2 caller hw:7,0 0", "main caller hw:8,0 0"])
  }

  @Test func anEmployeeIsNotTakenForACallerBecauseOfADevice() throws {
    let line = try input.refusedByBoth(["--device", "hw:9,0"], configuration: Self.desk)
    #expect(
      line.contains("--device: no stream is configured for hw:9,0, and desk is an employee's"),
      "\(line)")
  }

  // MARK: Sockets

  @Test func aSocketPathThatIsTooLongIsRefused() throws {
    #expect(try input.refusedByBoth(["--socket", long]).contains("--socket: the socket's path"))
    #expect(try input.refusal(["--socket", long]).line.contains("choose a shorter one"))
    #expect(try input.refusedByBoth(["--control-socket", long]).contains("choose a shorter one"))
    let written = try input.check("\nsocket = \"\(long)\"")
    #expect(written.status == 78)
    #expect(written.error.contains("edged.toml:2: the socket's path"), "\(written.error)")
  }

  @Test func aSocketPathThatIsNowhereIsRefused() throws {
    #expect(
      try input.refusal(["--socket", "/nonexistent/events.sock"]).line
        .contains("no folder /nonexistent"))
  }

  @Test func oneSocketForBothIsRefused() throws {
    #expect(
      try input.refusedByBoth(["--control-socket", "/tmp/e.sock", "--socket", "/tmp/e.sock"])
        .contains("/tmp/e.sock is the event socket; give the control socket a path of its own"))
  }

  @Test func aSocketPathThatIsTaken() throws {
    let path = try input.file("events.sock", "precious".utf8)
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
}
