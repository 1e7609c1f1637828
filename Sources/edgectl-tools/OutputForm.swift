import ArgumentParser
import Console

/// For whom a command writes: programs, or people.
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

  /// Whether it writes for people, which it does on a terminal unless told otherwise.
  var isReadable: Bool { readable || (!json && Terminal.output.isThere) }
}
