import Foundation
import TestSupport
import Testing

/// `edgectl meter` where no levels come: of a daemon that hangs, of whoever is none, or not in time.
@Suite(.waiting) struct MeterTests {
  private func meter(_ socket: String, _ arguments: [String] = []) throws -> RunningProgram {
    try RunningProgram(
      Program.folder.appending(path: "edgectl"), ["meter", "--socket", socket] + arguments)
  }

  private func daemon() throws -> RunningDaemon {
    try RunningDaemon(["--device", "NoSuchCard"], isControlled: true)
  }

  @Test(arguments: [[], ["--timeout", "0.5"]])
  func aDaemonThatHangsIsSaidNotToAnswer(limit: [String]) throws {
    let daemon = try daemon()
    daemon.send(SIGSTOP)
    let socket = daemon.controlSocket
    let program = try meter(socket, limit)
    #expect(program.status() == 1)
    #expect(
      program.error.contains("what serves on \(socket) does not answer"), "\(program.error)")
    daemon.send(SIGCONT)
    #expect(daemon.terminate().status == 0)
  }

  @Test(arguments: ["", "echo 220 hello;"])
  func whoIsNoDaemonIsSaidNotToAnswer(says: String) throws {
    let folder = TemporaryFolder()
    let foreign = folder.path("foreign.sock")
    let server = try RunningProgram.listening(at: foreign, "\(says)sleep 20")
    let program = try meter(foreign, ["--timeout", "0.5"])
    #expect(program.status() == 1)
    #expect(program.error.contains("what serves on \(foreign) does not answer"))
    server.send(SIGTERM)
  }

  @Test func readingsThatDoNotComeInTimeAreNoSuccess() throws {
    let daemon = try daemon()
    let socket = daemon.controlSocket
    #expect(try meter(socket, ["--count", "1000", "--timeout", "0.5"]).status() == 3)
    #expect(try meter(socket, ["--timeout", "0.5"]).status() == 0)
    #expect(daemon.terminate().status == 0)
  }
}
