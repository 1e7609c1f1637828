import Glibc

/// Sockets in the file system, by the system's own calls: what tests bind and connect does not
/// depend on the code under test.
public enum UnixSocket {
  /// A socket of `type` that is bound to `path`, and the caller's to close; nil, and `errno`, where
  /// that cannot be.
  public static func bound(
    to path: String, type: Int32 = Int32(SOCK_STREAM.rawValue)
  ) -> Int32? {
    opened(path, type) { bind($0, $1, $2) }
  }

  /// The same, connected to who listens at `path`.
  public static func connected(
    to path: String, type: Int32 = Int32(SOCK_STREAM.rawValue)
  ) -> Int32? {
    opened(path, type) { connect($0, $1, $2) }
  }

  private static func opened(
    _ path: String, _ type: Int32,
    _ attach: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Int32
  ) -> Int32? {
    let descriptor = socket(AF_UNIX, type | Int32(SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let result = withUnsafePointer(to: address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        attach(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    if result == 0 { return descriptor }
    let code = errno
    close(descriptor)
    errno = code
    return nil
  }
}
