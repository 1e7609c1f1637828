import Glibc

/// Why there is no socket to serve on: a case for each remedy.
public enum SocketProblem: Error, Equatable, CustomStringConvertible {
  /// The path is empty or longer than the system allows for sockets.
  case unusablePath(String)
  /// The folder it should lie in does not exist.
  case noFolder(String)
  /// Something that is no socket lies at the path, and is not ours to remove.
  case notASocket(String)
  /// Another process accepts connections there.
  case liveOwner(String)
  /// The system does not let us.
  case denied(String)
  /// The file system cannot be written to.
  case readOnly(String)
  /// The inherited descriptor is no listening Unix stream socket.
  case notListening(descriptor: Int32)
  /// Anything else, in the system's own words.
  case system(call: String, path: String, code: Int32)

  init(_ code: Int32, call: String, path: String) {
    switch code {
    case EACCES, EPERM: self = .denied(path)
    case EROFS: self = .readOnly(path)
    default: self = .system(call: call, path: path, code: code)
    }
  }

  /// One sentence: what, where, what to do.
  public var description: String {
    switch self {
    case .unusablePath(let path):
      path.isEmpty
        ? "the socket's path is empty; give one such as /run/edged/events.sock"
        : "the socket's path “\(path.fitting(256))” has \(path.utf8.count) bytes and may have "
          + "\(UnixAddress.maximumPathLength); choose a shorter one"
    case .noFolder(let folder):
      "there is no folder \(folder) for the socket; create it, or choose another path"
    case .notASocket(let path):
      "\(path) exists and is not a socket; move it away, or choose another path"
    case .liveOwner(let path):
      "another process serves on \(path); stop it, or choose another path"
    case .denied(let path):
      "no permission to create the socket \(path); choose a folder this user may write to"
    case .readOnly(let path):
      "the file system of \(path) is read-only; choose another path for the socket"
    case .notListening(let descriptor):
      "inherited descriptor \(descriptor) is not a listening Unix stream socket; "
        + "the socket unit needs ListenStream= with a path"
    case .system(let call, let path, let code):
      "cannot serve on \(path): \(call): \(String(cString: strerror(code))); choose another path, or try again"
    }
  }
}
