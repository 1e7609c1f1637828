import CLinux
import Glibc

/// Where lines of the log go.
enum LogOutput: Sendable {
  /// To systemd's journal, with their fields. Writes wait for it: systemd restarts a journal that
  /// hangs.
  case journal
  /// To a file, a pipe or a terminal, as text; waits only if the descriptor blocks.
  case text(descriptor: Int32)
  /// To another user's pipe, or a terminal of another user that is not this process's own; its
  /// descriptor blocks. A pipe takes what there is room for without blocking (since Linux 6.4). A
  /// terminal, or a pipe of an older kernel, is written to when it polls writable, PIPE_BUF bytes
  /// at most. That write still blocks where somebody else takes the room first, or a terminal has
  /// room for less than the line: nobody should stop it with Ctrl-S for long.
  case shared(descriptor: Int32)
  /// To a socket, without waiting.
  case socket(descriptor: Int32)

  /// The journal where stderr is connected to it, else stderr; `waits` says whether writes to
  /// stderr may wait for its reader.
  init(waits: Bool) {
    if Self.stderrIsJournal() {
      self = .journal
    } else {
      self = waits ? .text(descriptor: STDERR_FILENO) : Self.unwaiting(STDERR_FILENO)
    }
  }

  /// The file behind `descriptor`, opened anew so that a write takes only what there is room for:
  /// stderr itself is shared with whoever started the daemon and must stay as it is. Sockets cannot
  /// be opened, nor another user's pipe, nor a terminal of another user unless it is this process's
  /// own.
  static func unwaiting(_ descriptor: Int32) -> LogOutput {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return .text(descriptor: descriptor) }
    switch status.st_mode & S_IFMT {
    case S_IFSOCK: return .socket(descriptor: descriptor)
    case S_IFIFO, S_IFCHR:
      let own =
        openedAnew("/proc/self/fd/\(descriptor)") ?? controllingTerminal(sameAs: descriptor)
      return own.map { .text(descriptor: $0) } ?? .shared(descriptor: descriptor)
    default: return .text(descriptor: descriptor)
    }
  }

  private static func openedAnew(_ path: String) -> Int32? {
    let own = open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
    return own < 0 ? nil : own
  }

  /// This process's own terminal, which it may open whoever owns it, if `descriptor` is the same.
  private static func controllingTerminal(sameAs descriptor: Int32) -> Int32? {
    let terminal = linux_terminal(descriptor)
    guard terminal != 0, let own = openedAnew("/dev/tty") else { return nil }
    guard linux_terminal(own) == terminal else {
      close(own)
      return nil
    }
    return own
  }

  /// JOURNAL_STREAM is `device:inode` of the journal's socket; a redirected stderr is another file.
  private static func stderrIsJournal() -> Bool {
    guard let value = getenv("JOURNAL_STREAM") else { return false }
    var status = stat()
    guard fstat(STDERR_FILENO, &status) == 0 else { return false }
    return String(cString: value) == "\(status.st_dev):\(status.st_ino)"
  }
}
