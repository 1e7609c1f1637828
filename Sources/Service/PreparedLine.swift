import CSystemd
import Glibc

/// A line of the log that was made while there was memory for it. To write it takes none: `writev` is
/// a call of the system, and `sd_journal_sendv` is safe even in signal handlers since systemd 209
/// (sd_journal_print(3)).
///
/// It can be used on any thread, for nothing of it changes.
public final class PreparedLine: @unchecked Sendable {
  private let pieces: UnsafeMutableBufferPointer<iovec>
  private let isForJournal: Bool

  /// A line of `texts`: the journal's fields, or what stderr is to show.
  init(_ texts: [String], isForJournal: Bool) {
    self.isForJournal = isForJournal
    pieces = .allocate(capacity: texts.count)
    for (index, text) in texts.enumerated() {
      let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: text.utf8.count, alignment: 1)
      bytes.copyBytes(from: text.utf8)
      pieces.initializeElement(
        at: index, to: iovec(iov_base: bytes.baseAddress, iov_len: bytes.count))
    }
  }

  deinit {
    for piece in pieces { piece.iov_base.deallocate() }
    pieces.deallocate()
  }

  /// Writes the line, on any thread; false where stderr has no room for it, because whoever reads it
  /// does not. The daemon does not wait for them. (For the journal it does: there the line is not lost.)
  @discardableResult public func write() -> Bool {
    if isForJournal {
      sd_journal_sendv(pieces.baseAddress, Int32(pieces.count))
      return true
    }
    var room = pollfd(fd: STDERR_FILENO, events: Int16(POLLOUT), revents: 0)
    guard poll(&room, 1, 0) == 1, room.revents & Int16(POLLOUT) != 0 else { return false }
    writev(STDERR_FILENO, pieces.baseAddress, Int32(pieces.count))
    return true
  }
}
