import Foundation
import JSON
import TestSupport
import Testing

/// `edgectl setup` where something goes wrong on the way, and what it says then of the configuration.
@Suite(.waiting) struct SetupFaultTests {
  private let speech = Speech()
  private static let edgectl = Program.folder.appending(path: "edgectl")
  private static let isUndone = "The configuration is as it was."

  /// A daemon on a card that is not there, which could have a microphone that plays `clip`.
  private func daemon(playing clip: String? = nil, model: String = Repository.model) throws
    -> RunningDaemon
  {
    let microphone = try PacedMicrophone(playing: clip ?? speech.file())
    let daemon = try RunningDaemon(
      ["--control-socket", "{folder}/control.sock"],
      configuration: "[stream.main]\ndevice = \"NoSuchCard\"\n", model: model,
      environment: microphone.environment, keeping: microphone.folder)
    try daemon.client().read(until: "the state") { $0.isDevice("absent") }
    return daemon
  }

  private func arguments(
    _ daemon: RunningDaemon, device: String = "pcm:mic", socket: String? = nil, wait: String = "0"
  ) -> [String] {
    [
      "setup", "--config", daemon.folder.path("edged.toml"), "--socket", socket ?? daemon.socket,
      "--control-socket", daemon.folder.path("control.sock"), "--yes", "--device", device,
      "--wait", wait,
    ]
  }

  private func dropIn(_ daemon: RunningDaemon) -> String {
    daemon.folder.path("edged.d/50-setup.toml")
  }

  private func write(_ text: String, beside daemon: RunningDaemon) throws {
    let folder = daemon.folder.path("edged.d")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/90-mine.toml"))
  }

  /// What it hears, as the daemon tells who comes.
  private func served(_ daemon: RunningDaemon) throws -> String? {
    try EventReader(daemon.socket).next()?["streams"]?.array?.first?["device"]?.string
  }

  /// Sets up the microphone of a service whose `systemctl reload` fails, as it does when something
  /// of what the daemon reads again is refused.
  private func setUpAsService(_ daemon: RunningDaemon) throws -> Program.Outcome {
    let systemctl = daemon.folder.path("systemctl")
    try Data("#!/bin/sh\nkill -HUP \(daemon.processIdentifier)\nexit 1\n".utf8)
      .write(to: URL(fileURLWithPath: systemctl))
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: systemctl)
    return try OwnMounts.run(
      """
      mount -t tmpfs none /run
      mkdir -p /run/systemd/system
      ln -s \(daemon.folder.url.path) /run/edged
      PATH=/run/edged:$PATH
      """,
      [Self.edgectl.path] + arguments(daemon, socket: "/run/edged/events.sock"))
  }

  @Test(.enabled(if: OwnMounts.areAllowed))
  func aDamagedModelDoesNotKeepAMicrophoneOutOfService() throws {
    let model = speech.folder.path("served.edge")
    try FileManager.default.copyItem(atPath: Repository.model, toPath: model)
    let daemon = try daemon(model: model)
    try Data("damaged".utf8).write(to: URL(fileURLWithPath: model))
    let outcome = try setUpAsService(daemon)
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(outcome.lines.dropFirst().first == "main: pcm:mic runs", "\(outcome.output)")
    #expect(FileManager.default.fileExists(atPath: dropIn(daemon)))
    #expect(daemon.log.contains { $0.contains("but the model was refused") }, "\(daemon.log)")
    #expect(try served(daemon) == "pcm:mic")
    #expect(daemon.terminate().status == 0)
  }

  @Test(.enabled(if: OwnMounts.areAllowed))
  func whatEdgedSaysOfItsRefusalIsSaidThoughTheReloadFails() throws {
    let daemon = try daemon()
    try write("modle = 1\n", beside: daemon)
    let outcome = try setUpAsService(daemon)
    #expect(outcome.status == 1)
    #expect(outcome.error.contains("unknown key `modle`"), "\(outcome.error)")
    // That the second reload fails as well, of the same file, changes nothing.
    #expect(outcome.error.contains(Self.isUndone), "\(outcome.error)")
    #expect(!FileManager.default.fileExists(atPath: dropIn(daemon)))
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
    let daemon = try daemon()
    let said = try interrupted(daemon) {
      try FileManager.default.removeItem(atPath: dropIn(daemon))
      try FileManager.default.createDirectory(
        atPath: dropIn(daemon), withIntermediateDirectories: false)
    }
    #expect(
      said.contains(
        "interrupted. What was written could not be put back: cannot write \(dropIn(daemon)): "),
      "\(said)")
    #expect(!said.contains(Self.isUndone), "\(said)")
    #expect(daemon.terminate().status == 0)
  }

  @Test func filesThatAreNotReadAgainAreNotTakenBack() throws {
    let daemon = try daemon()
    let said = try interrupted(daemon) { try write("modle = 1\n", beside: daemon) }
    #expect(
      said.contains("The files are as they were, but main still hears pcm:none: /"), "\(said)")
    #expect(said.contains("90-mine.toml:1: unknown key `modle`"), "\(said)")
    #expect(!said.contains(Self.isUndone), "\(said)")
    #expect(try served(daemon) == "pcm:none")
    #expect(!FileManager.default.fileExists(atPath: dropIn(daemon)))
    #expect(daemon.terminate().status == 0)
  }

  @Test func withoutADaemonToReadThemTheFilesAreTheConfiguration() throws {
    let daemon = try daemon()
    let setup = try RunningProgram(
      Self.edgectl, arguments(daemon, device: "pcm:none", wait: "5"))
    setup.wait(forError: "pcm:none is being opened.")
    #expect(daemon.terminate().status == 0)
    #expect(setup.status() == 1)
    #expect(setup.error.contains("edged has gone from \(daemon.socket)"), "\(setup.error)")
    #expect(setup.error.contains(Self.isUndone), "\(setup.error)")
    #expect(!FileManager.default.fileExists(atPath: dropIn(daemon)))
  }

  @Test func aDaemonThatGoesAwayIsNotSomebodyWhoIsSilent() throws {
    let quiet = speech.folder.path("quiet.wav")
    let sox = try Program.run(
      Program.onPath("sox"),
      ["-R", "-n", "-r", "16000", "-b", "16", quiet, "synth", "10", "whitenoise", "vol", "0.001"])
    #expect(sox.status == 0, "\(sox.error)")
    let daemon = try daemon(playing: quiet)
    let setup = try RunningProgram(Self.edgectl, arguments(daemon, wait: "30"))
    setup.wait(forError: "waiting 30 s for it")
    #expect(daemon.terminate().status == 0)
    #expect(setup.status() == 3)
    #expect(setup.error.contains("edged has gone from \(daemon.socket)"), "\(setup.error)")
    #expect(!setup.error.contains("nobody was heard"), "\(setup.error)")
    #expect(FileManager.default.fileExists(atPath: dropIn(daemon)), "it stays in service")
  }

  @Test func withoutRoomToAskForALevelTheMicrophoneIsInService() throws {
    let daemon = try daemon()
    let others = try (0..<16).map { _ in try EventReader(daemon.folder.path("control.sock")) }
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
    let daemon = try daemon()
    try FileManager.default.createDirectory(
      atPath: daemon.folder.path("edged.d"), withIntermediateDirectories: false)
    #expect(mkfifo(dropIn(daemon), 0o644) == 0)
    let setup = try RunningProgram(Self.edgectl, arguments(daemon))
    #expect(setup.status() == 1)
    #expect(setup.error.contains("it is there and is no file: take it away."), "\(setup.error)")
    #expect(daemon.terminate().status == 0)
  }
}
