import Foundation
import TestSupport
import Testing

/// A program that runs while the test goes on; killed at the latest when this object goes away.
final class RunningProgram {
  private let folder = TemporaryFolder()
  private let process = Process()

  init(_ executable: URL, _ arguments: [String], environment: [String: String] = [:]) throws {
    for name in ["out", "err"] { try folder.file(name, "") }
    process.executableURL = executable
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: folder.url.appending(path: "out"))
    process.standardError = try FileHandle(forWritingTo: folder.url.appending(path: "err"))
    try process.run()
  }

  /// socat in the place of the daemon: who listens at `path` and runs `command`, a line of the
  /// shell, for whoever comes.
  static func listening(at path: String, _ command: String) throws -> RunningProgram {
    let server = try RunningProgram(
      Program.onPath("socat"), ["UNIX-LISTEN:\(path)", "SYSTEM:\(command)"])
    for _ in 0..<500 where !FileManager.default.fileExists(atPath: path) { usleep(10_000) }
    return server
  }

  deinit {
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    process.waitUntilExit()
  }

  var output: String { text("out") }
  var error: String { text("err") }
  var lines: [String] { output.split(separator: "\n").map(String.init) }

  private func text(_ name: String) -> String {
    (try? String(contentsOf: folder.url.appending(path: name), encoding: .utf8)) ?? ""
  }

  func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

  /// Waits until its output has so many lines.
  func wait(forLines count: Int) {
    for _ in 0..<2_000 where lines.count < count { usleep(5_000) }
    #expect(lines.count >= count, "lines written: \(output)\(error)")
  }

  /// Waits until it says something beside its output.
  func wait(forError text: String) {
    for _ in 0..<2_000 where !error.contains(text) { usleep(5_000) }
    #expect(error.contains(text), "\(error)")
  }

  /// Waits until it ignores or handles `signal`.
  func wait(forTreatmentOf signal: Int32) {
    var status = ""
    for _ in 0..<2_000 {
      status =
        (try? String(contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8))
        ?? ""
      let masks = status.matches(of: /Sig(?:Ign|Cgt):\s*([0-9a-f]+)/)
        .compactMap { UInt64($0.output.1, radix: 16) }
      if masks.contains(where: { $0 >> UInt64(signal - 1) & 1 == 1 }) { return }
      usleep(5_000)
    }
    Issue.record("it leaves signal \(signal) to the system: \(status)")
  }

  /// Waits for its end; fails when that takes more than `seconds`.
  func status(within seconds: Double = 15) -> Int32 {
    let deadline = Date(timeIntervalSinceNow: seconds)
    while process.isRunning, Date() < deadline { usleep(5_000) }
    guard !process.isRunning else {
      Issue.record("it does not end: \(output)\(error)")
      return -1
    }
    return process.terminationStatus
  }
}
