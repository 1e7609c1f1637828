import CLinux
import CSystemd
import Glibc
import Synchronization

/// A log line built in advance, so that writing it allocates nothing: all calls but
/// `sd_journal_sendv` are system calls, and that one is safe even in signal handlers since systemd
/// 209 (sd_journal_print(3)).
///
/// It never changes, so any thread can use it.
public final class PreparedLine: @unchecked Sendable {
  /// Whether the end of the last line written was lost. Shared, because there is one stderr.
  private static let isCut = Atomic<Bool>(false)
  private let pieces: UnsafeMutableBufferPointer<iovec>
  private let output: LogOutput

  /// A line of `texts`: the journal's fields, or the line as text.
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

  /// Writes the line, on any thread, after ending one that was cut; false where not all of it was
  /// taken.
  @discardableResult public func write() -> Bool {
    if Self.isCut.load(ordering: .relaxed) {
      var lineFeed = UInt8(ascii: "\n")
      guard take(&lineFeed, 1) == 1 else { return false }
      Self.isCut.store(false, ordering: .relaxed)
    }
    let count = take(pieces[0].iov_base, pieces[0].iov_len)
    if count > 0, count < pieces[0].iov_len { Self.isCut.store(true, ordering: .relaxed) }
    return count == pieces[0].iov_len
  }

  /// Writes as much of a text's `count` bytes as the output takes, or the journal's fields; returns
  /// how many bytes, or −1 for none.
  private func take(_ text: UnsafeMutableRawPointer, _ count: Int) -> Int {
    switch output {
    case .journal:
      return sd_journal_sendv(pieces.baseAddress, Int32(pieces.count)) == 0 ? count : -1
    case .text(let descriptor): return Glibc.write(descriptor, text, count)
    case .shared(let descriptor):
      var bytes = iovec(iov_base: text, iov_len: count)
      let taken = linux_write_without_waiting(descriptor, &bytes)
      if taken >= 0 || errno == EAGAIN { return taken }
      var room = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      guard poll(&room, 1, 0) == 1, room.revents & Int16(POLLOUT) != 0 else { return -1 }
      return Glibc.write(descriptor, text, min(count, Int(PIPE_BUF)))
    case .socket(let descriptor):
      return send(descriptor, text, count, Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL))
    }
  }
}
