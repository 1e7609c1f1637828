import Foundation
import JSON
import TestSupport
import Testing

/// What the daemon is given in files of its own, and what it says of it.
struct DaemonInput {
  private let folder = TemporaryFolder()

  /// A configuration with which the daemon runs and hears nothing.
  static let noCard = stream(hears: "NoSuchCard")

  /// Where a file of this name is or would be.
  func path(_ name: String) -> String { folder.path(name) }

  /// Writes a file; returns its path.
  func file(_ name: String, _ bytes: some Sequence<UInt8>) throws -> String {
    try folder.file(name, bytes)
  }

  /// What `edged --check-config` says of a configuration; `model` may be nil to leave the model to
  /// it.
  func check(
    _ configuration: String = "", named name: String = "edged.toml",
    model: String? = Repository.model, _ arguments: [String] = []
  ) throws -> Program.Outcome {
    try Program(name: "edged").run(
      ["--check-config", "--config", file(name, configuration.utf8)]
        + (model.map { ["--model", $0] } ?? []) + arguments)
  }

  /// The lines of what the check says, in which paths begin in the folder of the configuration.
  func lines(_ outcome: Program.Outcome) -> [String] {
    outcome.error.replacing(folder.path(""), with: "").split(separator: "\n")
      .map(String.init)
  }

  /// Runs a daemon that must refuse to start: its status and the one line it says.
  func refusal(
    _ arguments: [String] = [], configuration: String = "", model: String = Repository.model,
    at place: SourceLocation = #_sourceLocation
  ) throws -> (status: Int32, line: String) {
    let daemon = try RunningDaemon(arguments, configuration: configuration, model: model)
    let status = daemon.waitForEnd().status
    #expect(status != 0, sourceLocation: place)
    #expect(daemon.log.count == 1, "\(daemon.log)", sourceLocation: place)
    return (status, daemon.log.first ?? "")
  }

  /// What both the check and the daemon itself refuse: the one line that the check says.
  func refusedByBoth(
    _ arguments: [String] = [], configuration: String = "", model: String = Repository.model,
    at place: SourceLocation = #_sourceLocation
  ) throws -> String {
    let checked = try check(configuration, model: model, arguments)
    let started = try refusal(arguments, configuration: configuration, model: model, at: place)
    #expect(checked.status == 78, sourceLocation: place)
    #expect(started.status == 78, sourceLocation: place)
    #expect(lines(checked).count == 1, "\(checked.error)", sourceLocation: place)
    return checked.error
  }
}

extension RunningDaemon {
  /// Has it load its configuration anew, where it must refuse what is of `type`, `config` or
  /// `model`: why it says that it does.
  func refusalOfReload(of type: String = "config") throws -> String {
    let client = try client()
    send(SIGHUP)
    let lines = try client.read(until: "the refusal") {
      $0.type == type && $0["state"]?.string == "rejected"
    }
    return try #require(lines.last?["message"]?.string)
  }

  /// The same after its configuration was replaced.
  func refusalOfReload(of type: String = "config", in configuration: String) throws -> String {
    try configure(configuration)
    return try refusalOfReload(of: type)
  }
}
