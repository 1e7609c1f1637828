import Glibc

/// Where lines of the log go.
enum LogOutput: Sendable {
  /// To systemd's journal, with their fields.
  case journal
  /// To a file, a pipe or a terminal, as text.
  case text(descriptor: Int32)

  /// The journal where stderr is connected to it, else stderr; `waits` says whether whoever reads
  /// stderr is waited for.
  init(waits: Bool) {
    if Self.stderrIsJournal() {
      self = .journal
    } else {
      self = .text(descriptor: waits ? STDERR_FILENO : Self.unwaiting)
    }
  }

  /// What stderr leads to, opened anew so that a write takes only what there is room for: stderr
  /// itself is shared with whoever started the daemon and must stay as it is. Where it cannot be
  /// opened, as a socket cannot, it is waited for.
  private static let unwaiting: Int32 = {
    var status = stat()
    guard fstat(STDERR_FILENO, &status) == 0,
      [S_IFIFO, S_IFCHR].contains(status.st_mode & S_IFMT)
    else { return STDERR_FILENO }
    let own = open("/proc/self/fd/2", O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
    return own < 0 ? STDERR_FILENO : own
  }()

  /// JOURNAL_STREAM is `device:inode` of the journal's socket; a redirected stderr is another file.
  private static func stderrIsJournal() -> Bool {
    guard let value = getenv("JOURNAL_STREAM") else { return false }
    var status = stat()
    guard fstat(STDERR_FILENO, &status) == 0 else { return false }
    return String(cString: value) == "\(status.st_dev):\(status.st_ino)"
  }
}
