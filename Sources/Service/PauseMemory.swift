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

  /// Has systemd hold `streams` in the place of what it held.
  public func keep(_ streams: [String]) {
    guard getenv("NOTIFY_SOCKET") != nil else { return }
    sd_notify(0, "FDSTOREREMOVE=1\nFDNAME=\(Self.name)")
    guard !streams.isEmpty else { return }
    var file = Self.file(streams)
    guard file >= 0 else { return }
    sd_pid_notify_with_fds(0, 0, "FDSTORE=1\nFDPOLL=0\nFDNAME=\(Self.name)", &file, 1)
    close(file)
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

  /// A file in memory with the names, each ended by a zero byte, which no name can have; negative
  /// when there is no memory.
  static func file(_ streams: [String]) -> Int32 {
    let file = linux_memory_file(name)
    let bytes: [UInt8] = streams.flatMap { Array($0.utf8) + [0] }
    guard file >= 0, bytes.count <= sizeLimit, write(file, bytes, bytes.count) == bytes.count else {
      if file >= 0 { close(file) }
      return -1
    }
    return file
  }
}
