import CLinux
import CSystemd
import Glibc

/// Which streams are paused, kept by systemd from one process of the daemon to the next: a
/// microphone that somebody switched off must not come on again because a program was restarted.
///
/// It is a file in memory that systemd holds (`FileDescriptorStoreMax=`), because the daemon writes
/// none. It outlives crashes and `systemctl restart`, but not `systemctl stop`. Without systemd
/// nothing is kept.
public struct PauseMemory {
  /// What the file is called among the descriptors that systemd hands over.
  public static let name = "paused"

  /// The memory of this process's unit, if it has one.
  public init() {}

  /// Why something is not kept.
  public enum Problem: Error, Equatable, CustomStringConvertible {
    /// There is no memory for a file; the errno.
    case noMemory(Int32)
    /// The names need so many bytes, more than are kept.
    case tooLong(Int)
    /// systemd could not be told; the errno.
    case notTold(Int32)

    /// One sentence.
    public var description: String {
      switch self {
      case .noMemory(let code): "there is no memory for it (\(String(cString: strerror(code))))"
      case .tooLong(let count):
        "the names of the paused streams have \(count) bytes, \(sizeLimit) are kept"
      case .notTold(let code): "systemd cannot be told (\(String(cString: strerror(code))))"
      }
    }
  }

  /// Has systemd hold `streams` in the place of what it held. What it held is given up last, so
  /// that a failure to make the new leaves the old.
  public func keep(_ streams: [String]) throws(Problem) {
    guard getenv("NOTIFY_SOCKET") != nil else { return }
    var file: Int32 = streams.isEmpty ? -1 : try Self.file(streams)
    defer { if file >= 0 { close(file) } }
    // It holds one (FileDescriptorStoreMax=1), and refuses another before that one has gone.
    try Self.check(sd_notify(0, "FDSTOREREMOVE=1\nFDNAME=\(Self.name)"))
    guard file >= 0 else { return }
    try Self.check(
      sd_pid_notify_with_fds(0, 0, "FDSTORE=1\nFDPOLL=0\nFDNAME=\(Self.name)", &file, 1))
  }

  private static func check(_ result: Int32) throws(Problem) {
    guard result > 0 else { throw .notTold(-result) }
  }

  /// The streams that `file` names, one that systemd handed over; closes it.
  public static func streams(in file: Int32) -> [String] {
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: sizeLimit)
    let count = pread(file, &bytes, bytes.count, 0)
    return bytes.prefix(max(0, count)).split(separator: 0).map {
      String(decoding: $0, as: UTF8.self)
    }
  }

  private static let sizeLimit = 65_536

  /// A file in memory with the names, each ended by a zero byte, which no name can have.
  static func file(_ streams: [String]) throws(Problem) -> Int32 {
    let bytes: [UInt8] = streams.flatMap { Array($0.utf8) + [0] }
    guard bytes.count <= sizeLimit else { throw .tooLong(bytes.count) }
    let file = linux_memory_file(name)
    guard file >= 0 else { throw .noMemory(errno) }
    guard write(file, bytes, bytes.count) == bytes.count else {
      let code = errno
      close(file)
      throw .noMemory(code)
    }
    return file
  }
}
