import Glibc

/// Where lines of the log go.
enum LogOutput: Sendable {
  /// To systemd's journal, with their fields.
  case journal
  /// To a file, a pipe or a terminal, as text: as the descriptor waits or does not.
  case text(descriptor: Int32)
  /// To a pipe or a terminal whose descriptor waits, when there is room: of a longer line as much as a
  /// pipe with room takes at least.
  case polled(descriptor: Int32)
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
      return own < 0 ? .polled(descriptor: descriptor) : .text(descriptor: own)
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
