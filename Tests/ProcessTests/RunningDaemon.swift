import Foundation
import JSON
import Testing

/// A real `edged` with a socket of its own, killed at the latest when this object goes away.
final class RunningDaemon {
  let folder: TemporaryFolder
  private let process = Process()
  private let errors: String
  private let kept: TemporaryFolder?

  var socket: String { folder.path("events.sock") }
  var processIdentifier: Int32 { process.processIdentifier }

  /// Starts the daemon and waits until its socket accepts or it has ended.
  ///
  /// `configuration` is the text of its configuration file; `model` may be "" to leave the model to
  /// it; `input` is the file on its standard input. `{folder}` in an argument is this daemon's
  /// folder; `kept` is a folder that it needs as long as it runs; `launcher` are the words of a
  /// program that becomes the daemon.
  init(
    _ arguments: [String] = [], configuration: String = "", model: String = Repository.model,
    environment: [String: String] = [:], input: String = "/dev/null",
    keeping kept: TemporaryFolder? = nil, under launcher: [String] = []
  ) throws {
    self.kept = kept
    folder = try TemporaryFolder()
    errors = folder.path("stderr")
    try Data(configuration.utf8).write(to: URL(fileURLWithPath: folder.path("edged.toml")))
    try Data().write(to: URL(fileURLWithPath: errors))
    let edged = Program.folder.appending(path: "edged")
    process.executableURL = try launcher.first.map { try Program.onPath($0) } ?? edged
    process.arguments =
      (launcher.isEmpty ? [] : launcher.dropFirst() + [edged.path])
      + ["--config", folder.path("edged.toml"), "--socket", folder.path("events.sock")]
      + (model.isEmpty ? [] : ["--model", model])
      + arguments.map { $0.replacingOccurrences(of: "{folder}", with: folder.url.path) }
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    // A daemon that outlives tests that crash must not keep whoever reads what they print waiting.
    process.standardOutput = FileHandle.nullDevice
    process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: errors))
    process.standardInput = try FileHandle(forReadingFrom: URL(fileURLWithPath: input))
    try process.run()
    for _ in 0..<1000 where process.isRunning && !isServing { usleep(10_000) }
  }

  deinit {
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    process.waitUntilExit()
  }

  /// Whether its socket accepts: there is a moment in which it lies there and does not yet.
  private var isServing: Bool { EventReader.connection(to: socket).map { close($0) } == 0 }

  /// Replaces the configuration file.
  func configure(_ text: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: folder.path("edged.toml")))
  }

  /// A client that gets all events of the run, each once and in order: what was said before its
  /// request for a replay was answered has been passed over, because the replay says it again.
  func client() throws -> EventReader {
    let reader = try EventReader(socket)
    reader.send("{\"cmd\":\"replay\",\"n\":1000}\n")
    try reader.read(until: "ok")
    return reader
  }

  /// The processor time that it has used, in seconds.
  func processorTime() throws -> Double {
    let text = try String(contentsOfFile: "/proc/\(processIdentifier)/stat", encoding: .utf8)
    let fields = text.split(separator: " ")
    return try #require(Double(fields[13])) / 100 + #require(Double(fields[14])) / 100
  }

  func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

  /// Waits for its end: the status, and how long it took in seconds.
  func waitForEnd() -> (status: Int32, seconds: Double) {
    let start = Date()
    process.waitUntilExit()
    return (process.terminationStatus, Date().timeIntervalSince(start))
  }

  /// Asks it to end, and waits.
  func terminate() -> (status: Int32, seconds: Double) {
    send(SIGTERM)
    return waitForEnd()
  }

  /// What it has logged so far.
  var log: [String] {
    let text = (try? String(contentsOfFile: errors, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").map(String.init)
  }
}
