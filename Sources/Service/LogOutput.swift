import Glibc

/// Where lines of the log go.
enum LogOutput: Sendable {
  /// To systemd's journal, with their fields. It is waited for: systemd restarts one that stands still.
  case journal
  /// To a file, a pipe or a terminal, as text: as the descriptor waits or does not.
  case text(descriptor: Int32)
  /// To another user's pipe or terminal, whose descriptor waits. A pipe takes what there is room for
  /// (since Linux 6.4). A terminal, or a pipe of an older kernel, gets what it takes at least when it
  /// says that it has room, which is waited for where somebody else has taken that meanwhile, and of a
  /// terminal where it says so for less than the line: nobody should stop it with Ctrl-S for long.
  case shared(descriptor: Int32)
  /// To a socket, without waiting.
  case socket(descriptor: Int32)

  /// The journal where stderr is connected to it, else stderr; `waits` says whether whoever reads
  /// stderr is waited for.
  init(waits: Bool) {
    if Self.stderrIsJournal() {
      self = .journal
    } else {
      self = waits ? .text(descriptor: STDERR_FILENO) : Self.unwaiting(STDERR_FILENO)
    }
  }

  /// What `descriptor` leads to, opened anew so that a write takes only what there is room for: stderr
  /// itself is shared with whoever started the daemon and must stay as it is. Sockets cannot be opened,
  /// nor another user's pipe or terminal.
  static func unwaiting(_ descriptor: Int32) -> LogOutput {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return .text(descriptor: descriptor) }
    switch status.st_mode & S_IFMT {
    case S_IFSOCK: return .socket(descriptor: descriptor)
    case S_IFIFO, S_IFCHR:
      let own = open(
        "/proc/self/fd/\(descriptor)", O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
      return own < 0 ? .shared(descriptor: descriptor) : .text(descriptor: own)
    default: return .text(descriptor: descriptor)
    }
  }

  /// JOURNAL_STREAM is `device:inode` of the journal's socket; a redirected stderr is another file.
  private static func stderrIsJournal() -> Bool {
    guard let value = getenv("JOURNAL_STREAM") else { return false }
    var status = stat()
    guard fstat(STDERR_FILENO, &status) == 0 else { return false }
    return String(cString: value) == "\(status.st_dev):\(status.st_ino)"
  }
}
