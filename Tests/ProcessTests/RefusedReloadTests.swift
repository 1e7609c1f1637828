import Foundation
import JSON
import TestSupport
import Testing

/// The daemon as it is run: what a reload does not take into service, while what was loaded before
/// serves on.
@Suite(.waiting) struct RefusedReloadTests {
  /// What the check says of the daemon's configuration.
  private func check(_ daemon: RunningDaemon) throws -> Program.Outcome {
    try Program(name: "edged").run([
      "--check-config", "--config", daemon.folder.path("edged.toml"), "--model", Repository.model,
    ])
  }

  @Test func aReloadRefusesWhatTheCheckRefuses() throws {
    let daemon = try RunningDaemon(configuration: DaemonInput.noCard)
    let message = try daemon.refusalOfReload(
      in: stream(hears: "wav:/nonexistent/call.wav"))
    #expect(message.contains("/nonexistent/call.wav: cannot be opened"), "\(message)")
    let checked = try check(daemon)
    #expect(checked.status == 78)
    #expect(checked.error.contains(message), "\(checked.error)")
    #expect(daemon.terminate().status == 0)
  }

  @Test func aFolderOfDropInsThatCannotBeReadIsRefused() throws {
    let daemon = try RunningDaemon(configuration: DaemonInput.noCard)
    let folder = try daemon.folder.file("edged.d", "[stream.main]\nrole = \"agent\"\n")
    let message = try daemon.refusalOfReload()
    #expect(message.contains("\(folder): is no folder"), "\(message)")
    let checked = try check(daemon)
    #expect(checked.status == 78)
    #expect(checked.error == "edged: error: \(message)\n", "\(checked.error)")
    #expect(daemon.terminate().status == 0)
  }

  @Test func moreStreamsThanTheUnitHasMemoryAndThreadsForAreRefused() throws {
    let many = (1...17).map { stream("s\($0)", hears: "NoSuchCard") }.joined()
    #expect(try DaemonInput().refusedByBoth(configuration: many).contains("17 streams"))
    let daemon = try RunningDaemon(configuration: DaemonInput.noCard)
    let message = try daemon.refusalOfReload(in: many)
    #expect(message.contains("17 streams"), "\(message)")
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
    let daemon = try RunningDaemon(configuration: DaemonInput.noCard, under: closing)
    let message = try daemon.refusalOfReload(in: stream(hears: "stdin"))
    #expect(message.contains(sentence), "\(message)")
    #expect(daemon.terminate().status == 0)
  }
}
