import Glibc

/// What a process cannot go on without, and the system refuses: where it shows only when it is
/// needed, there is no way back, but a sentence that says which limit it was.
enum Exhaustion {
  case memory
  case threads

  /// The exit status: EX_OSERR of sysexits.h.
  static let status: Int32 = 71

  private var sentence: StaticString {
    switch self {
    case .memory:
      "edged: error: the system gives no more memory; take streams away, take a smaller model, or raise LimitDATA"
    case .threads:
      "edged: error: the system gives no more threads; take streams away, or raise TasksMax"
    }
  }

  /// Says so on standard error, which is the journal under systemd, and ends the process.
  func end() -> Never {
    // No heap: there may be none.
    _ = write(STDERR_FILENO, sentence.utf8Start, sentence.utf8CodeUnitCount)
    _ = write(STDERR_FILENO, "\n", 1)
    _exit(Self.status)
  }
}
