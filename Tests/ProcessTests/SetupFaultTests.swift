import Foundation
import JSON
import TestSupport
import Testing

/// `edgectl setup` where something goes wrong on the way, and what it says then of the configuration.
@Suite(.waiting) struct SetupFaultTests {
  private let speech = Speech()
  private static let edgectl = Program.folder.appending(path: "edgectl")
  private static let isUndone = "The configuration is as it was."

  private func arguments(
    _ daemon: RunningDaemon, device: String = "pcm:mic", socket: String? = nil, wait: String = "0"
  ) -> [String] {
    daemon.setupWords(at: socket) + ["--yes", "--device", device, "--wait", wait]
  }

  /// What it hears, as the daemon tells who comes.
  private func served(_ daemon: RunningDaemon) throws -> String? {
    try EventReader(daemon.socket).next()?["streams"]?.array?.first?["device"]?.string
  }

  /// Sets up the microphone of a service whose `systemctl reload` fails, as it does when something
  /// of what the daemon reads again is refused.
  private func setUpAsService(_ daemon: RunningDaemon) throws -> Program.Outcome {
    let systemctl = try daemon.folder.file(
      "systemctl", "#!/bin/sh\nkill -HUP \(daemon.processIdentifier)\nexit 1\n")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: systemctl)
    return try OwnMounts.run(
      """
      mount -t tmpfs none /run
      mkdir -p /run/systemd/system
      ln -s \(daemon.folder.path) /run/edged
      PATH=/run/edged:$PATH
      """,
      [Self.edgectl.path] + arguments(daemon, socket: "/run/edged/events.sock"))
  }

  @Test(.enabled(if: OwnMounts.areAllowed))
  func aDamagedModelDoesNotKeepAMicrophoneOutOfService() throws {
    let model = try Repository.copyOfModel(in: speech.folder)
    let daemon = try RunningDaemon.thatCouldHear(speech.file(), model: model)
    try speech.folder.file("model.edge", "damaged")
    let outcome = try setUpAsService(daemon)
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(outcome.lines.dropFirst().first == "main: pcm:mic runs", "\(outcome.output)")
    #expect(FileManager.default.fileExists(atPath: daemon.dropIn))
    #expect(daemon.log.contains { $0.contains("but the model was refused") }, "\(daemon.log)")
    #expect(try served(daemon) == "pcm:mic")
    #expect(daemon.terminate().status == 0)
  }

  @Test(.enabled(if: OwnMounts.areAllowed))
  func whatEdgedSaysOfItsRefusalIsSaidThoughTheReloadFails() throws {
    let daemon = try RunningDaemon.thatCouldHear(speech.file())
    try daemon.addDropIn("modle = 1\n")
    let outcome = try setUpAsService(daemon)
    #expect(outcome.status == 1)
    #expect(outcome.error.contains("unknown key `modle`"), "\(outcome.error)")
    // That the second reload fails as well, of the same file, changes nothing.
    #expect(outcome.error.contains(Self.isUndone), "\(outcome.error)")
    #expect(!FileManager.default.fileExists(atPath: daemon.dropIn))
    #expect(daemon.terminate().status == 0)
  }

  /// Interrupts it while it waits for a PCM that is not there, after `change`; what it says then.
  private func interrupted(
    _ daemon: RunningDaemon, after change: () throws -> Void
  ) throws -> String {
    let setup = try RunningProgram(
      Self.edgectl, arguments(daemon, device: "pcm:none", wait: "5"))
    setup.wait(forError: "pcm:none is being opened.")
    try change()
    setup.send(SIGTERM)
    #expect(setup.status() == 1)
    return setup.error
  }

  @Test func whatCannotBePutBackIsSaid() throws {
    let daemon = try RunningDaemon.thatCouldHear(speech.file())
    let said = try interrupted(daemon) {
      try FileManager.default.removeItem(atPath: daemon.dropIn)
      try FileManager.default.createDirectory(
        atPath: daemon.dropIn, withIntermediateDirectories: false)
    }
    #expect(
      said.contains(
        "interrupted. What was written could not be put back: cannot write \(daemon.dropIn): "),
      "\(said)")
    #expect(!said.contains(Self.isUndone), "\(said)")
    #expect(daemon.terminate().status == 0)
  }

  @Test func filesThatAreNotReadAgainAreNotTakenBack() throws {
    let daemon = try RunningDaemon.thatCouldHear(speech.file())
    let said = try interrupted(daemon) { try daemon.addDropIn("modle = 1\n") }
    #expect(
      said.contains("The files are as they were, but main still hears pcm:none: /"), "\(said)")
    #expect(said.contains("90-mine.toml:1: unknown key `modle`"), "\(said)")
    #expect(!said.contains(Self.isUndone), "\(said)")
    #expect(try served(daemon) == "pcm:none")
    #expect(!FileManager.default.fileExists(atPath: daemon.dropIn))
    #expect(daemon.terminate().status == 0)
  }

  @Test func withoutADaemonToReadThemTheFilesAreTheConfiguration() throws {
    let daemon = try RunningDaemon.thatCouldHear(speech.file())
    let setup = try RunningProgram(
      Self.edgectl, arguments(daemon, device: "pcm:none", wait: "5"))
    setup.wait(forError: "pcm:none is being opened.")
    #expect(daemon.terminate().status == 0)
    #expect(setup.status() == 1)
    #expect(setup.error.contains("edged has gone from \(daemon.socket)"), "\(setup.error)")
    #expect(setup.error.contains(Self.isUndone), "\(setup.error)")
    #expect(!FileManager.default.fileExists(atPath: daemon.dropIn))
  }

  @Test func aDaemonThatGoesAwayIsNotSomebodyWhoIsSilent() throws {
    let daemon = try RunningDaemon.thatCouldHear(speech.quietRoom())
    let setup = try RunningProgram(Self.edgectl, arguments(daemon, wait: "30"))
    setup.wait(forError: "waiting 30 s for it")
    #expect(daemon.terminate().status == 0)
    #expect(setup.status() == 3)
    #expect(setup.error.contains("edged has gone from \(daemon.socket)"), "\(setup.error)")
    #expect(!setup.error.contains("nobody was heard"), "\(setup.error)")
    #expect(FileManager.default.fileExists(atPath: daemon.dropIn), "it stays in service")
  }

  @Test func withoutRoomToAskForALevelTheMicrophoneIsInService() throws {
    let daemon = try RunningDaemon.thatCouldHear(speech.file())
    let others = try (0..<16).map { _ in try EventReader(daemon.controlSocket) }
    for other in others { #expect(try other.next() != nil, "it is greeted") }
    let outcome = try Program.run(Self.edgectl, arguments(daemon))
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(
      outcome.lines.last?.hasPrefix("main: its level cannot be shown: 16 clients") == true,
      "\(outcome.output)")
    withExtendedLifetime(others) {}
    #expect(daemon.terminate().status == 0)
  }

  @Test func aNamedPipeInThePlaceOfTheFileIsRefused() throws {
    let daemon = try RunningDaemon.thatCouldHear(speech.file())
    try FileManager.default.createDirectory(
      atPath: daemon.folder.path("edged.d"), withIntermediateDirectories: false)
    #expect(mkfifo(daemon.dropIn, 0o644) == 0)
    let setup = try RunningProgram(Self.edgectl, arguments(daemon))
    #expect(setup.status() == 1)
    #expect(setup.error.contains("it is there and is no file: take it away."), "\(setup.error)")
    #expect(daemon.terminate().status == 0)
  }
}
