import Console
import Glibc
import SoundDevices

/// The file beside the configuration in which `edgectl setup` writes what was chosen.
final class DropIn {
  /// Why it could not be written.
  struct Problem: Error, CustomStringConvertible {
    let path: String
    let code: Int32

    var description: String {
      let remedy =
        switch code {
        case EACCES, EPERM: "; run this as root (sudo edgectl setup)"
        case ENOENT, ENOTDIR:
          "; there is no configuration: name with --config the file that edged reads"
        case EINVAL: "; it is there and is no file: take it away"
        default: ""
        }
      return "cannot write \(path): \(String(cString: strerror(code)))\(remedy)."
    }
  }

  /// Where it is.
  let path: String
  private let folder: String
  private var before: [UInt8]?
  private var madeFolder = false

  /// The one that belongs to the configuration at a path that ends in `.toml`.
  init(configuration: String) {
    folder = "\(configuration.dropLast(".toml".count)).d"
    path = "\(folder)/50-setup.toml"
  }

  /// Whether a daemon whose first file is `first` reads this one: `first` is the configuration that
  /// it belongs to or, where that is missing, another drop-in. Only the daemon knows where a
  /// relative path begins, so only its end is compared.
  func isAmong(filesOf first: String?) -> Bool {
    guard let first else { return false }
    let configuration = "\(folder.dropLast(".d".count)).toml"
    guard first.hasPrefix("/") else { return configuration.hasSuffix(first) }
    return DropIn.file(first) == DropIn.file(configuration)
      || first.lastIndex(of: "/").map { DropIn.file(String(first[..<$0])) } == DropIn.file(folder)
  }

  /// The canonical path of a file, with all links resolved.
  private static func file(_ path: String) -> String {
    guard let resolved = realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// Sets the device of `stream`. The old content is remembered, and all else in the file stays,
  /// such as the devices and roles of other streams.
  func write(stream: String, device: DeviceName) throws {
    before = try DropIn.contents(of: path)
    madeFolder = mkdir(folder, 0o755) == 0
    guard madeFolder || errno == EEXIST else { throw Problem(path: folder, code: errno) }
    // The daemon is another user and must be able to read the folder, whatever this process's
    // umask.
    if madeFolder { chmod(folder, 0o755) }
    var text = DropInText(
      before.map { String(decoding: $0, as: UTF8.self) } ?? "# Written by edgectl setup.\n")
    text.setDevice(device.text, of: stream)
    try replace(with: Array(text.text.utf8))
  }

  /// Puts back what was there.
  func restore() throws {
    if let before { return try replace(with: before) }
    guard unlink(path) == 0 || errno == ENOENT else { throw Problem(path: path, code: errno) }
    // The folder stays if somebody has put a file into it meanwhile.
    if madeFolder { rmdir(folder) }
  }

  /// Replaces the file atomically, from a name that the daemon does not read, and with permission
  /// for the daemon to read it, whatever this process's umask.
  private func replace(with bytes: [UInt8]) throws {
    do {
      try AtomicFile.write(bytes, to: path, permissions: 0o644)
    } catch {
      throw Problem(path: path, code: error.code)
    }
  }

  /// All of a file; nil where there is none.
  private static func contents(of path: String) throws -> [UInt8]? {
    // Without O_NONBLOCK, opening a named pipe without a writer would block.
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    if file < 0, errno == ENOENT { return nil }
    guard file >= 0 else { throw Problem(path: path, code: errno) }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw Problem(path: path, code: EINVAL)
    }
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = read(file, &block, block.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw Problem(path: path, code: errno) }
      guard count > 0 else { return bytes }
      bytes += block[..<count]
    }
  }
}
