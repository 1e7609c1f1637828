import Foundation
import TestSupport
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

  /// Has sox do what `arguments` say.
  static func sox(_ arguments: [String], at place: SourceLocation = #_sourceLocation) throws {
    let outcome = try run(onPath("sox"), arguments)
    try #require(outcome.status == 0, "\(outcome.error)", sourceLocation: place)
  }

  /// Runs the program at `executable` to its end.
  static func run(
    _ executable: URL, _ arguments: [String], input: Data = Data()
  ) throws -> Outcome {
    let folder = TemporaryFolder()
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
