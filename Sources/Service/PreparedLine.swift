import CSystemd
import Glibc

/// A line of the log that was made while there was memory for it. To write it takes none: `write` and
/// `send` are calls of the system, and `sd_journal_sendv` is safe even in signal handlers since
/// systemd 209 (sd_journal_print(3)).
///
/// It can be used on any thread, for nothing of it changes.
public final class PreparedLine: @unchecked Sendable {
  private let pieces: UnsafeMutableBufferPointer<iovec>
  private let output: LogOutput

  /// A line of `texts`: the journal's fields, or what is to be read.
  init(_ texts: [String], to output: LogOutput) {
    self.output = output
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

  /// Writes the line, on any thread; false where not all of it was taken.
  @discardableResult public func write() -> Bool {
    switch output {
    case .journal: return sd_journal_sendv(pieces.baseAddress, Int32(pieces.count)) == 0
    case .text(let descriptor):
      return Glibc.write(descriptor, text.iov_base, text.iov_len) == text.iov_len
    case .polled(let descriptor):
      var room = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      guard poll(&room, 1, 0) == 1, room.revents & Int16(POLLOUT) != 0 else { return false }
      let count = min(text.iov_len, Int(PIPE_BUF))
      return Glibc.write(descriptor, text.iov_base, count) == text.iov_len
    case .socket(let descriptor):
      let flags = Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL)
      return send(descriptor, text.iov_base, text.iov_len, flags) == text.iov_len
    }
  }

  /// All of a line that is not for the journal.
  private var text: iovec { pieces[0] }
}
