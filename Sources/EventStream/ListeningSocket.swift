import Glibc

/// A Unix stream socket that accepts connections: inherited from systemd, or our own at a path.
public struct ListeningSocket: ~Copyable {
  let descriptor: Descriptor
  /// Where our own socket lies, and which file it is; nil for an inherited one, which is systemd's
  /// to remove.
  private let own: (path: String, file: FileIdentity)?

  /// Takes over a socket that already listens, as socket activation hands it to us.
  public init(inherited number: Int32) throws(SocketProblem) {
    guard ListeningSocket.option(number, SO_DOMAIN) == AF_UNIX,
      ListeningSocket.option(number, SO_TYPE) == Int32(SOCK_STREAM.rawValue),
      ListeningSocket.option(number, SO_ACCEPTCONN) == 1
    else { throw .notListening(descriptor: number) }
    _ = fcntl(number, F_SETFL, fcntl(number, F_GETFL) | O_NONBLOCK)
    _ = fcntl(number, F_SETFD, FD_CLOEXEC)
    descriptor = Descriptor(owning: number)
    own = nil
  }

  /// Makes a socket at `path`, readable and writable for owner and group, and removes it when it is
  /// closed.
  ///
  /// A socket that lies there already is removed only if it is proven dead: nobody accepts on it.
  /// Two daemons that start at the same moment cannot take each other for dead, because the folder
  /// is locked from the check until ours accepts.
  public init(path: String) throws(SocketProblem) {
    guard let address = UnixAddress(path: path) else { throw .unusablePath(path) }
    let folder = try ListeningSocket.lockFolder(of: path)
    defer { close(folder) }
    try ListeningSocket.clear(path, address)

    let number = socket(AF_UNIX, ListeningSocket.type, 0)
    guard number >= 0 else { throw .system(call: "socket", path: path, code: errno) }
    let descriptor = Descriptor(owning: number)
    // Set before binding, so that the socket is never more accessible than it should be.
    fchmod(number, 0o660)
    guard address.withPointer({ bind(number, $0, $1) }) == 0 else {
      throw SocketProblem(errno, call: "bind", path: path)
    }
    // Set again afterwards, because the process's umask applied to the first.
    guard chmod(path, 0o660) == 0, let file = FileIdentity(path), listen(number, 4_096) == 0 else {
      let code = errno
      unlink(path)
      throw .system(call: "listen", path: path, code: code)
    }
    self.descriptor = descriptor
    own = (path, file)
  }

  deinit {
    // Only if it is still ours: someone may have replaced it.
    if let own, FileIdentity(own.path) == own.file { unlink(own.path) }
  }

  /// Refuses a path that no socket can have, without touching anything.
  public static func check(path: String) throws(SocketProblem) {
    guard UnixAddress(path: path) != nil else { throw .unusablePath(path) }
  }

  /// Refuses a path whose folder is not there, without touching anything.
  public static func checkFolder(of path: String) throws(SocketProblem) {
    var status = stat()
    let folder = ListeningSocket.folder(of: path)
    guard stat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
      throw .noFolder(folder)
    }
  }

  private static func folder(of path: String) -> String {
    let slash = path.lastIndex(of: "/")
    return slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
  }

  private static var type: Int32 {
    Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
  }

  /// Clears `path`, or throws what occupies it.
  private static func clear(_ path: String, _ address: UnixAddress) throws(SocketProblem) {
    var status = stat()
    guard lstat(path, &status) == 0 else {
      if errno == ENOENT { return }
      throw SocketProblem(errno, call: "lstat", path: path)
    }
    guard status.st_mode & S_IFMT == S_IFSOCK else { throw .notASocket(path) }
    let probe = socket(AF_UNIX, ListeningSocket.type, 0)
    guard probe >= 0 else { throw .system(call: "socket", path: path, code: errno) }
    defer { close(probe) }
    let result = address.withPointer { connect(probe, $0, $1) }
    // EAGAIN: someone listens and is busy. Only a refusal says that nobody does.
    guard result < 0, errno == ECONNREFUSED || errno == ENOENT else {
      if result < 0, errno != EAGAIN { throw SocketProblem(errno, call: "connect", path: path) }
      throw .liveOwner(path)
    }
    guard unlink(path) == 0 || errno == ENOENT else {
      throw SocketProblem(errno, call: "unlink", path: path)
    }
  }

  /// How many times the lock is tried, 10 ms apart.
  private static let lockTries = 200

  /// The folder of `path`, opened and locked until the caller closes it.
  private static func lockFolder(of path: String) throws(SocketProblem) -> Int32 {
    let folder = folder(of: path)
    let number = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard number >= 0 else {
      throw errno == ENOENT || errno == ENOTDIR
        ? .noFolder(folder) : SocketProblem(errno, call: "open", path: folder)
    }
    var tries = 0
    while flock(number, LOCK_EX | LOCK_NB) != 0 {
      let code = errno
      // Another daemon that starts holds the lock for a moment; in a folder like /tmp anybody can
      // hold it for ever.
      if code == EWOULDBLOCK, tries < ListeningSocket.lockTries {
        tries += 1
        usleep(10_000)
      } else if code != EINTR {
        close(number)
        throw .system(call: "flock", path: folder, code: code)
      }
    }
    return number
  }

  private static func option(_ number: Int32, _ name: Int32) -> Int32? {
    var value: Int32 = 0
    var length = socklen_t(MemoryLayout<Int32>.size)
    return getsockopt(number, SOL_SOCKET, name, &value, &length) == 0 ? value : nil
  }
}

/// Which file a name stands for.
private struct FileIdentity: Equatable {
  private let device: UInt
  private let inode: UInt

  init?(_ path: String) {
    var status = stat()
    guard lstat(path, &status) == 0 else { return nil }
    device = UInt(status.st_dev)
    inode = UInt(status.st_ino)
  }
}
