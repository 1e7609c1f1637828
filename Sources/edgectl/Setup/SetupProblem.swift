import ArgumentParser

/// Why a microphone was not put into service, and what that leaves behind.
struct SetupProblem: Error, CustomStringConvertible {
  /// What went wrong, without a full stop.
  let message: String
  /// What of the configuration could not be restored, in whole sentences; nil where all was.
  let remainder: String?

  init(_ message: String) {
    self.message = message
    remainder = nil
  }

  /// `error` came on the way, and everything done until then was undone except for `remainder`.
  init(_ error: any Error, leaving remainder: String?) {
    // An exit code is thrown when the reader of standard output has left.
    let words = error is ExitCode ? "interrupted" : (error as? SetupProblem)?.message ?? "\(error)"
    message = words.hasSuffix(".") ? String(words.dropLast()) : words
    self.remainder = remainder
  }

  var description: String { "\(message). \(remainder ?? "The configuration is as it was.")" }
}

extension Interruption {
  /// Throws when there is a reason to end.
  func check() throws {
    if hasCome { throw SetupProblem("interrupted") }
  }
}
