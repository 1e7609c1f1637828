import Glibc

/// The files that make up a configuration: one, and the drop-ins beside it.
///
/// For `/etc/edged/edged.toml` these are all `/etc/edged/edged.d/*.toml`, in the order of their
/// names; a later file overrides single keys of an earlier one. The main file may be missing only
/// when nobody asked for it by name.
public struct ConfigurationFiles: Sendable {
  /// Where the configuration lies unless `--config` says otherwise.
  static let standardPath = "/etc/edged/edged.toml"

  /// The main file.
  public let path: String
  private let mustExist: Bool

  /// The files that belong to `path`; nil for the standard place, where none need be.
  public init(path: String?) {
    self.path = path ?? Self.standardPath
    mustExist = path != nil
  }

  /// Reads all files. What is wrong with them is reported to `review` and left out of the
  /// configuration.
  public func read(_ review: ConfigurationReview) -> Configuration {
    var configuration = Configuration()
    var files = [path]
    do throws(ConfigurationProblem) { files += try dropIns() } catch { review.report(error) }
    for file in files {
      do throws(ConfigurationProblem) {
        guard let text = try text(of: file) else { continue }
        configuration.apply(Self.parse(text, file: file, review))
        configuration.files.append(file)
      } catch {
        review.report(error)
      }
    }
    if !review.lacksFile { configuration.checkWhole(review) }
    return configuration
  }

  /// The main file and the drop-ins, in the order in which they are read.
  public var all: [String] { [path] + ((try? dropIns()) ?? []) }

  /// The drop-ins that exist, in order. Throws where they cannot be listed: without the role that
  /// one of them sets, an employee would be taken for a caller.
  private func dropIns() throws(ConfigurationProblem) -> [String] {
    guard path.hasSuffix(".toml") else { return [] }
    let folder = "\(path.dropLast(".toml".count)).d"
    guard let directory = opendir(folder) else {
      let code = errno
      var status = stat()
      // A dangling link is refused too. Whatever hides the folder itself hides the main file as
      // well.
      guard lstat(folder, &status) == 0 else { return [] }
      throw Self.unreadableFolder(folder, code)
    }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name.hasSuffix(".toml"), !name.hasPrefix(".") { names.append("\(folder)/\(name)") }
    }
    return names.sorted()
  }

  static func parse(
    _ text: String, file: String, _ review: ConfigurationReview
  ) -> ConfigurationSection {
    let table = TOMLParser.parse(text) { problem in
      review.report(
        ConfigurationProblem(.syntax, file: file, line: problem.line, message: problem.message))
    }
    return ConfigurationSection(table, file: file, review: review)
  }

  private static let sizeLimit = 1 << 20

  private func text(of file: String) throws(ConfigurationProblem) -> String? {
    // Without O_NONBLOCK, opening a named pipe would block everything else.
    let descriptor = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    if descriptor < 0, errno == ENOENT, file == path, !mustExist { return nil }
    guard descriptor >= 0 else { throw unreadable(file, errno) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw unreadable(file, errno) }
    guard status.st_mode & S_IFMT != S_IFIFO else {
      throw ConfigurationProblem(
        .unreadable, file: file, message: "is a pipe, which cannot be read again; write a file")
    }
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = Glibc.read(descriptor, &block, block.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw unreadable(file, errno) }
      if count == 0 { break }
      bytes += block[..<count]
      guard bytes.count <= Self.sizeLimit else {
        throw ConfigurationProblem(
          .unreadable, file: file, message: "is larger than a megabyte; that is no configuration")
      }
    }
    // The byte order mark that editors on Windows write is not part of the first key.
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw ConfigurationProblem(
        .syntax, file: file, message: "is not UTF-8 text; save it as UTF-8")
    }
    return text
  }

  private static func unreadableFolder(_ folder: String, _ code: Int32) -> ConfigurationProblem {
    let message =
      switch code {
      case ENOTDIR: "is no folder, and drop-ins are looked for in it; rename it, or delete it"
      case EACCES:
        "the folder of drop-ins cannot be read: \(String(cString: strerror(code)));"
          + " let this user read and enter it (chmod 755), or remove it"
      default:
        "the folder of drop-ins cannot be read: \(String(cString: strerror(code)));"
          + " correct it, or delete it"
      }
    return ConfigurationProblem(.unreadable, file: folder, message: message)
  }

  private func unreadable(_ file: String, _ code: Int32) -> ConfigurationProblem {
    let advice =
      switch code {
      case EACCES where file != path:
        "make it readable for this user (chmod 644), or delete it"
      case _ where file != path: "correct it, or delete it"
      case ENOENT: "create it, or name another with --config"
      case EACCES: "allow this user to read it"
      default: "name a readable file with --config"
      }
    return ConfigurationProblem(
      .unreadable, file: file,
      message: "cannot be read: \(String(cString: strerror(code))); \(advice)")
  }
}
