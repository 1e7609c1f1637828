import Glibc

/// Writes a file atomically: a reader of the path sees the old content or the new one, whatever
/// happens in between.
///
/// The content goes to a new file in the same folder, is synced to disk, and then takes the old
/// one's name.
public enum AtomicFile {
  /// Why nothing was written. What was there before still is.
  public struct Problem: Error, CustomStringConvertible {
    /// The file that was to be written.
    public let path: String
    /// The errno.
    public let code: Int32

    /// What, where, why and what to do, in one sentence.
    public var description: String {
      let remedy =
        switch code {
        case ENOSPC, EDQUOT: ": make room and try again"
        case EACCES, EPERM, EROFS: ": choose a folder that you may write to"
        case EISDIR: ": name a file in it"
        case ENOENT: ": make the folder first"
        case EINVAL: ": it is there and is no file; choose another name"
        default: ": try again, or choose another place"
        }
      return "cannot write \(path): \(String(cString: strerror(code)))\(remedy)."
    }
  }

  /// Refuses a path that `write` could not, or should not, replace, before hours of work are
  /// wasted.
  public static func check(_ path: String) throws(Problem) {
    var status = stat()
    if stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
      // A device or a pipe would be replaced by a file of its name.
      throw Problem(
        path: path, code: status.st_mode & S_IFMT == S_IFDIR ? EISDIR : EINVAL)
    }
    guard access(folder(of: path), W_OK | X_OK) == 0 else { throw Problem(path: path, code: errno) }
  }

  /// Writes `bytes` to `path`, with `permissions`; nil for those that this process gives new files.
  public static func write(
    _ bytes: [UInt8], to path: String, permissions: mode_t? = nil
  ) throws(Problem) {
    var template = Array("\(path).XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else { throw Problem(path: path, code: errno) }
    do throws(Problem) {
      defer { close(descriptor) }
      fchmod(descriptor, permissions ?? ownPermissions)
      try fill(descriptor, bytes, path)
    } catch {
      unlink(template)
      throw error
    }
    guard rename(template, path) == 0 else {
      let code = errno
      unlink(template)
      throw Problem(path: path, code: code)
    }
    synchronize(folder: folder(of: path))
  }

  private static var ownPermissions: mode_t {
    let mask = umask(0)
    umask(mask)
    return 0o666 & ~mask
  }

  private static func fill(
    _ descriptor: Int32, _ bytes: [UInt8], _ path: String
  ) throws(Problem) {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress! + written, bytes.count - written)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw Problem(path: path, code: errno) }
      written += count
    }
    guard fsync(descriptor) == 0 else { throw Problem(path: path, code: errno) }
  }

  /// The new name is on disk only once the folder is synced. Not every file system can do that;
  /// then it gets there by itself.
  private static func synchronize(folder: String) {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }

  private static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}
