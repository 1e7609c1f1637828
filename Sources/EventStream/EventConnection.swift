import CLinux
import Glibc

/// A client's end of the event socket: lines come out, commands go in.
///
///     var connection = try EventConnection(path: "/run/edged/events.sock")
///     while case .line(let line) = connection.receive() { … }
public struct EventConnection: ~Copyable {
  /// What came.
  public enum Received: Equatable, Sendable {
    /// A whole line, without its `\n`.
    case line([UInt8])
    /// The other descriptor that was waited for became readable.
    case woken
    /// Nothing came before the deadline.
    case timeout
    /// The daemon has gone.
    case closed
  }

  /// Which of the service's sockets `path` is or should be, so that messages can name systemd's
  /// commands for it; nil for one that lies elsewhere.
  public static func service(at path: String) -> SocketKind? {
    guard path.hasPrefix("/run/edged/") else { return nil }
    return path == SocketKind.control.servicePath ? .control : .events
  }

  private let socket: Descriptor
  private var buffer: LineBuffer

  /// Connects to the socket at `path`.
  public init(path: String) throws(ConnectionProblem) {
    guard let address = UnixAddress(path: path) else { throw .unusablePath(path) }
    let number = Glibc.socket(
      AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard number >= 0 else { throw .system(path: path, code: errno) }
    guard address.withPointer({ connect(number, $0, $1) }) == 0 else {
      let code = errno
      close(number)
      throw ConnectionProblem(code, path: path)
    }
    socket = Descriptor(owning: number)
    // Set after the last throw: otherwise Swift 6.2 would destroy it twice.
    buffer = LineBuffer(limit: LineEncoder.maximumLength)
  }

  /// The process that opened the socket: the daemon, or systemd where it hands sockets over. Nil
  /// when the system does not say.
  public var server: Int32? {
    let process = linux_peer_process(socket.number)
    return process > 0 ? process : nil
  }

  /// Sends a command, one JSON object without a line break. False when the daemon has gone; its
  /// last lines can still be received, and a daemon that refuses a client says why before it
  /// closes.
  public func send(_ command: String) -> Bool {
    var rest = Array("\(command)\n".utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        Glibc.send(socket.number, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }

  /// Waits for the next line until `deadline`, for ever without one, or until `waker` becomes
  /// readable.
  public mutating func receive(
    until deadline: ContinuousClock.Instant? = nil, waker: Int32 = -1
  ) -> Received {
    while true {
      // A line beyond the format's limit is not the daemon's and is skipped.
      if case .line(let line) = buffer.next() { return .line(line) }
      var polled = [
        pollfd(fd: socket.number, events: Int16(POLLIN), revents: 0),
        pollfd(fd: waker, events: Int16(POLLIN), revents: 0),
      ]
      let ready = poll(&polled, 2, EventConnection.milliseconds(until: deadline))
      if ready < 0, errno == EINTR { continue }
      if ready == 0 { return .timeout }
      if polled[1].revents != 0 { return .woken }
      guard fill() else { return .closed }
    }
  }

  private mutating func fill() -> Bool {
    withUnsafeTemporaryAllocation(byteCount: LineEncoder.maximumLength, alignment: 1) { bytes in
      let count = recv(socket.number, bytes.baseAddress, min(buffer.room, bytes.count), 0)
      if count < 0 { return errno == EINTR }
      buffer.append(UnsafeRawBufferPointer(rebasing: bytes[..<count]))
      return count > 0
    }
  }

  private static func milliseconds(until deadline: ContinuousClock.Instant?) -> Int32 {
    guard let deadline else { return -1 }
    let left = (deadline - .now).components
    let milliseconds = left.seconds * 1000 + left.attoseconds / 1_000_000_000_000_000 + 1
    return Int32(clamping: max(0, milliseconds))
  }
}
