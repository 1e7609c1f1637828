import Glibc
import Threads

extension Exhaustion {
  private var sentence: StaticString {
    switch self {
    case .memory:
      "edged: error: the system gives no more memory; take streams away, take a smaller model, or raise LimitDATA"
    case .threads:
      "edged: error: the system gives no more threads; take streams away, or raise TasksMax"
    }
  }

  /// Says which limit it was on standard error, which is the journal under systemd, and ends the
  /// process.
  func endDaemon() -> Never {
    _ = write(STDERR_FILENO, sentence.utf8Start, sentence.utf8CodeUnitCount)
    _ = write(STDERR_FILENO, "\n", 1)
    _exit(ExitStatus.exhausted)
  }
}
