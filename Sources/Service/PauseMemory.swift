import CLinux
import CSystemd
import Glibc

/// Which streams are paused, kept by systemd from one process of the daemon to the next: a
/// microphone that somebody switched off must not come on again because the daemon was restarted.
///
/// It is a file in memory that systemd holds (`FileDescriptorStoreMax=`), because the daemon writes
/// none to disk. It outlives crashes and `systemctl restart`, but not `systemctl stop`. Without
/// systemd nothing is kept.
///
/// systemd holds the same file from the first pause on, and changes are written into it: if it were
/// removed and stored anew, a process killed in between would leave nothing. The file has two
/// halves, and its first byte says which one is valid. The other is written first, then that byte.
public final class PauseMemory {
  /// What the file is called among the descriptors that systemd hands over.
  public static let name = "paused"

  /// The file, if systemd holds it.
  private(set) var file: Int32?

  /// The memory of this process's unit, if it has one; nothing was handed over.
  public init() {}

  /// The memory that systemd handed over as `descriptor`, which is closed with it.
  public init(inherited descriptor: Int32) { file = descriptor }

  deinit { if let file { close(file) } }

  /// Why something is not kept.
  public enum Problem: Error, Equatable, CustomStringConvertible {
    /// There is no memory for a file; the errno.
    case noMemory(Int32)
    /// The names need this many bytes, more than are kept.
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

  /// The streams that are kept.
  public var streams: [String] {
    guard let file, let half = Self.half(of: file) else { return [] }
    var bytes = [UInt8](repeating: 0, count: Self.halfSize)
    let count = pread(file, &bytes, bytes.count, Self.start(of: half))
    var names: [String] = []
    var rest = bytes.prefix(max(0, count))
    while let end = rest.firstIndex(of: 0), end > rest.startIndex {
      names.append(String(decoding: rest[..<end], as: UTF8.self))
      rest = rest[(end + 1)...]
    }
    return names
  }

  /// Has systemd hold `streams` instead of what it held, which stays if this fails.
  public func keep(_ streams: [String]) throws(Problem) {
    guard getenv("NOTIFY_SOCKET") != nil else { return }
    if let file {
      try Self.turn(file, to: try Self.prepare(streams, in: file))
      return
    }
    var file = linux_memory_file(Self.name)
    guard file >= 0 else { throw .noMemory(errno) }
    do throws(Problem) {
      try Self.turn(file, to: try Self.prepare(streams, in: file))
      let told = sd_pid_notify_with_fds(0, 0, "FDSTORE=1\nFDPOLL=0\nFDNAME=\(Self.name)", &file, 1)
      guard told > 0 else { throw .notTold(-told) }
      self.file = file
    } catch {
      close(file)
      throw error
    }
  }

  private static let sizeLimit = 65_536
  /// The names, and a zero byte after the last.
  private static let halfSize = sizeLimit + 1

  private static func start(of half: UInt8) -> Int { 1 + Int(half) * halfSize }

  /// Which half of `file` is valid; nil where the file is not of this kind.
  private static func half(of file: Int32) -> UInt8? {
    var half: UInt8 = 0
    return pread(file, &half, 1, 0) >= 0 && half <= 1 ? half : nil
  }

  /// Writes the names into the half that is not valid, each ended by a zero byte, which no name can
  /// contain. Returns which half that is.
  static func prepare(_ streams: [String], in file: Int32) throws(Problem) -> UInt8 {
    let bytes: [UInt8] = streams.flatMap { Array($0.utf8) + [0] }
    guard bytes.count <= sizeLimit else { throw .tooLong(bytes.count) }
    let half: UInt8 = half(of: file) == 0 ? 1 : 0
    try write(bytes + [0], to: file, at: start(of: half))
    return half
  }

  /// Makes `half` the valid one.
  private static func turn(_ file: Int32, to half: UInt8) throws(Problem) {
    try write([half], to: file, at: 0)
  }

  private static func write(_ bytes: [UInt8], to file: Int32, at offset: Int) throws(Problem) {
    guard pwrite(file, bytes, bytes.count, offset) == bytes.count else { throw .noMemory(errno) }
  }
}
