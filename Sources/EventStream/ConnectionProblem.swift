import Glibc

/// Why the daemon cannot be reached: a case for each remedy.
public enum ConnectionProblem: Error, Equatable, CustomStringConvertible {
  /// The path is empty or too long for a socket.
  case unusablePath(String)
  /// There is no socket at the path.
  case absent(String)
  /// What lies at the path is something else.
  case notASocket(String)
  /// The socket is there and nobody serves on it.
  case refused(String)
  /// The user may not use the socket.
  case denied(String)
  /// Anything else, in the system's own words.
  case system(path: String, code: Int32)

  init(_ code: Int32, path: String) {
    switch code {
    case ENOENT, ENOTDIR: self = .absent(path)
    // Connecting to a file or a folder is refused in the same way.
    case ECONNREFUSED where !Self.isSocket(path): self = .notASocket(path)
    case ECONNREFUSED: self = .refused(path)
    // A daemon's datagram socket.
    case EPROTOTYPE: self = .notASocket(path)
    case EACCES, EPERM: self = .denied(path)
    default: self = .system(path: path, code: code)
    }
  }

  private static func isSocket(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFSOCK
  }

  /// The group that the file at `path` belongs to, by name; nil where that cannot be told, or for
  /// root's, which nobody should join.
  private static func group(of path: String) -> String? {
    var status = stat()
    guard stat(path, &status) == 0, status.st_gid != 0, let group = getgrgid(status.st_gid)
    else { return nil }
    return String(cString: group.pointee.gr_name)
  }

  /// One sentence: what, where, what to do.
  public var description: String { sentence(naming: "--socket") }

  /// The same, where another option than `--socket` names the socket.
  public func sentence(naming option: String) -> String {
    switch self {
    case .unusablePath(let path):
      "“\(path)” cannot be a socket's path: it must have 1 to \(UnixAddress.maximumPathLength) bytes."
    case .absent(let path):
      EventConnection.service(at: path).map {
        "there is no socket \(path): start edged (systemctl start \($0.unit)), or name its socket with \(option)."
      }
        ?? "there is no socket \(path): start the edged that serves there, or name another with \(option)."
    case .notASocket(let path):
      "\(path) is not a socket that edged serves on: name its socket with \(option)."
    case .refused(let path):
      EventConnection.service(at: path).map { _ in
        "nobody serves on \(path): start edged (systemctl start edged)."
      }
        ?? "nobody serves on \(path): start the edged that served there, or name another with \(option)."
    case .denied(let path):
      EventConnection.service(at: path).map {
        "no permission to use \(path): join the group \($0.group) (“sudo adduser $USER \($0.group)”) and log in again."
      } ?? Self.group(of: path).map {
        "no permission to use \(path), which is the group \($0)'s: join it (“sudo adduser $USER \($0)”) and log in again."
      } ?? "no permission to use \(path): “ls -l \(path)” shows whose it is."
    case .system(let path, let code):
      "cannot connect to \(path): \(String(cString: strerror(code))); try again, and “edgectl doctor” looks for the cause."
    }
  }
}
