import ArgumentParser
import Console

/// Whether a command writes for programs or for people.
struct OutputForm: ParsableArguments {
  @Flag(help: "JSON lines, also on a terminal.")
  var json = false

  @Flag(help: "Lines for people, also elsewhere.")
  var readable = false

  func validate() throws {
    guard !json || !readable else {
      throw ValidationError("--json and --readable exclude each other.")
    }
  }

  /// Whether it writes for people, the default on a terminal.
  var isReadable: Bool { readable || (!json && Terminal.output.isThere) }
}
