import ArgumentParser
import Console

/// Whether a command writes for programs or for people.
struct OutputForm: ParsableArguments {
  @Flag(help: "Print JSON lines, even on a terminal.")
  var json = false

  @Flag(help: "Print lines for people, even if the output is not a terminal.")
  var readable = false

  func validate() throws {
    guard !json || !readable else {
      throw ValidationError("--json and --readable exclude each other.")
    }
  }

  /// Whether it writes for people, the default on a terminal.
  var isReadable: Bool { readable || (!json && Terminal.output.isThere) }
}
