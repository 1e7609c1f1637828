import Foundation
import Testing

/// A program of the package, run as a person runs it.
struct Program {
  /// Its name among the built products.
  let name: String

  /// How it ended.
  struct Outcome {
    let status: Int32
    let output: String
    let error: String

    /// The lines of its output.
    var lines: [String] { output.split(separator: "\n").map(String.init) }
  }

  /// Where the built products are: beside the tests.
  static let folder = Bundle.main.bundleURL

  /// Where the programs of this machine are that tests use.
  static func onPath(_ name: String) throws -> URL {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin"
    let candidates = path.split(separator: ":").map { URL(fileURLWithPath: "\($0)/\(name)") }
    return try #require(
      candidates.first { FileManager.default.isExecutableFile(atPath: $0.path) },
      "\(name) is not installed: tools/test installs it")
  }

  /// Runs it to its end.
  func run(_ arguments: [String], input: Data = Data()) throws -> Outcome {
    try Program.run(Program.folder.appending(path: name), arguments, input: input)
  }

  /// Runs the program at `executable` to its end.
  static func run(
    _ executable: URL, _ arguments: [String], input: Data = Data()
  ) throws -> Outcome {
    let folder = try TemporaryFolder()
    let files = ["in", "out", "err"].map { folder.url.appending(path: $0) }
    try input.write(to: files[0])
    for file in files.dropFirst() { try Data().write(to: file) }
    let process = Process()
    process.executableURL = executable
    process.arguments = arguments
    process.standardInput = try FileHandle(forReadingFrom: files[0])
    process.standardOutput = try FileHandle(forWritingTo: files[1])
    process.standardError = try FileHandle(forWritingTo: files[2])
    try process.run()
    process.waitUntilExit()
    return Outcome(
      status: process.terminationStatus,
      output: String(decoding: try Data(contentsOf: files[1]), as: UTF8.self),
      error: String(decoding: try Data(contentsOf: files[2]), as: UTF8.self))
  }
}

/// A folder that goes away with this object.
final class TemporaryFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "edged-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func path(_ name: String) -> String { url.appending(path: name).path }
}

/// Speech that this machine makes, and what sox makes of it.
struct Speech {
  let folder = try! TemporaryFolder()

  /// A WAV file of somebody speaking after `silence` seconds and before one of silence, as sox is
  /// told to write it.
  func file(
    _ text: String = "I have been waiting for an hour, and nobody has told me anything.",
    format: [String] = ["-r", "16000", "-b", "16", "-c", "1"], after silence: Double = 0.5
  ) throws -> String {
    let name = UUID().uuidString
    let spoken = folder.path("\(name)-spoken.wav")
    let made = folder.path("\(name).wav")
    let espeak = try Program.run(Program.onPath("espeak-ng"), ["-w", spoken, text])
    #expect(espeak.status == 0, "\(espeak.error)")
    let sox = try Program.run(
      Program.onPath("sox"), ["-R", spoken] + format + [made, "pad", "\(silence)", "1"])
    #expect(sox.status == 0, "\(sox.error)")
    return made
  }
}
