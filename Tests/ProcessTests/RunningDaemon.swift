import Foundation
import JSON
import TestSupport
import Testing

/// A real `edged` with a socket of its own, killed at the latest when this object goes away.
final class RunningDaemon {
  let folder = TemporaryFolder()
  private let process = Process()
  private let errors: String
  /// What it hears must be there as long as it runs.
  private let microphone: PacedMicrophone?

  var socket: String { folder.path("events.sock") }
  var controlSocket: String { folder.path("control.sock") }
  var processIdentifier: Int32 { process.processIdentifier }

  /// Starts the daemon and waits until its socket accepts or it has ended.
  ///
  /// `configuration` is the text of its configuration file; `model` may be "" to leave the model to
  /// it; `microphone` is there as `pcm:mic`; `input` is the file on its standard input. With
  /// `isControlled` it has a control socket; `launcher` are the words of a program that becomes the
  /// daemon.
  init(
    _ arguments: [String] = [], configuration: String = "", model: String = Repository.model,
    hearing microphone: PacedMicrophone? = nil, environment: [String: String] = [:],
    input: String = "/dev/null", isControlled: Bool = false, under launcher: [String] = []
  ) throws {
    self.microphone = microphone
    try folder.file("edged.toml", configuration)
    errors = try folder.file("stderr", "")
    let edged = Program.folder.appending(path: "edged")
    process.executableURL = try launcher.first.map { try Program.onPath($0) } ?? edged
    process.arguments =
      (launcher.isEmpty ? [] : launcher.dropFirst() + [edged.path])
      + ["--config", folder.path("edged.toml"), "--socket", folder.path("events.sock")]
      + (model.isEmpty ? [] : ["--model", model])
      + (isControlled ? ["--control-socket", folder.path("control.sock")] : []) + arguments
    process.environment = ProcessInfo.processInfo.environment
      .merging(microphone?.environment ?? [:]) { $1 }.merging(environment) { $1 }
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
  private var isServing: Bool { UnixSocket.connected(to: socket).map { close($0) } == 0 }

  /// Replaces the configuration file.
  func configure(_ text: String) throws { try folder.file("edged.toml", text) }

  /// Replaces the configuration file and has it read.
  func reload(_ text: String) throws {
    try configure(text)
    send(SIGHUP)
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
