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

  /// Whether a daemon reads it whose first file is `first`: the configuration that it belongs to or,
  /// where that is missing, another drop-in. Of a path that is relative, only the daemon knows where
  /// it begins.
  func isAmong(filesOf first: String?) -> Bool {
    guard let first else { return false }
    let configuration = "\(folder.dropLast(".d".count)).toml"
    guard first.hasPrefix("/") else { return configuration.hasSuffix(first) }
    return DropIn.file(first) == DropIn.file(configuration)
      || first.lastIndex(of: "/").map { DropIn.file(String(first[..<$0])) } == DropIn.file(folder)
  }

  /// The path by which a file is known, whatever links lead to it.
  private static func file(_ path: String) -> String {
    guard let resolved = realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// Has `stream` hear `device`. What was in the file is remembered, and all else that it says
  /// stays: what other streams hear, whose they are.
  func write(stream: String, device: DeviceName) throws {
    before = try DropIn.contents(of: path)
    madeFolder = mkdir(folder, 0o755) == 0
    guard madeFolder || errno == EEXIST else { throw Problem(path: folder, code: errno) }
    // The daemon is another user, whatever this process lets others do with new files.
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
    // It stays where somebody has put a file into it meanwhile.
    if madeFolder { rmdir(folder) }
  }

  /// In one step, under a name that the daemon does not read until then, and readable for it
  /// whatever this process does with new files.
  private func replace(with bytes: [UInt8]) throws {
    do {
      try AtomicFile.write(bytes, to: path, permissions: 0o644)
    } catch {
      throw Problem(path: path, code: error.code)
    }
  }

  /// All of a file; nil where there is none.
  private static func contents(of path: String) throws -> [UInt8]? {
    // Of a named pipe without a writer, opening it would never end.
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
