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

  /// Has `stream` hear `device`. What was in the file is remembered; other streams that it names
  /// are not.
  func write(stream: String, device: DeviceName) throws {
    before = DropIn.contents(of: path)
    madeFolder = mkdir(folder, 0o755) == 0
    guard madeFolder || errno == EEXIST else { throw Problem(path: folder, code: errno) }
    let text = """
      # Written by edgectl setup.
      [stream.\(DropIn.quoted(stream))]
      device = \(DropIn.quoted(device.text))

      """
    try replace(with: Array(text.utf8))
  }

  /// Puts back what was there.
  func restore() {
    guard let before else {
      unlink(path)
      if madeFolder { rmdir(folder) }
      return
    }
    try? replace(with: before)
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

  private static func contents(of path: String) -> [UInt8]? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: 65_536)
    let count = read(file, &bytes, bytes.count)
    return count < 0 ? nil : Array(bytes.prefix(count))
  }

  /// As a TOML string.
  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for character in text.unicodeScalars {
      if character == "\"" || character == "\\" { quoted += "\\" }
      quoted.unicodeScalars.append(character)
    }
    return quoted + "\""
  }
}
