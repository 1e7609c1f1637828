import Foundation
import Testing

/// What `edgectl setup` is tried on.
extension RunningDaemon {
  /// A daemon on a card that is not there, which could have a microphone that plays `clip`.
  static func thatCouldHear(
    _ clip: String, model: String = Repository.model
  ) throws -> RunningDaemon {
    let daemon = try RunningDaemon(
      configuration: stream(hears: "NoSuchCard"), model: model,
      hearing: PacedMicrophone(playing: clip), isControlled: true)
    try daemon.client().read(until: "the state") { $0.isDevice("absent") }
    return daemon
  }

  /// The drop-in that `edgectl setup` writes.
  var dropIn: String { folder.path("edged.d/50-setup.toml") }

  /// What is in it.
  func writtenDropIn() throws -> String { try String(contentsOfFile: dropIn, encoding: .utf8) }

  /// Writes a drop-in, which holds when the configuration is read the next time.
  func addDropIn(_ text: String, as name: String = "90-mine.toml") throws {
    try folder.file("edged.d/\(name)", text)
  }

  /// The words of `edgectl setup` for this daemon, found at its socket or at another path to it.
  func setupWords(at socket: String? = nil) -> [String] {
    [
      "setup", "--config", folder.path("edged.toml"), "--socket", socket ?? self.socket,
      "--control-socket", controlSocket,
    ]
  }

  /// Runs `edgectl setup`, which asks nobody.
  func setUp(_ further: String...) throws -> Program.Outcome {
    try Program(name: "edgectl").run(setupWords() + ["--yes"] + further)
  }
}
