import Glibc

/// The files that make up a configuration: one, and the drop-ins beside it.
///
/// For `/etc/edged/edged.toml` these are all `/etc/edged/edged.d/*.toml`, in the order of their
/// names; a later file overrides single keys of an earlier one. The main file may be missing only
/// when nobody asked for it by name.
public struct ConfigurationFiles: Sendable {
  /// Where the configuration lies unless `--config` says otherwise.
  public static let standardPath = "/etc/edged/edged.toml"

  /// The main file.
  public let path: String
  private let mustExist: Bool

  /// The files that belong to `path`; nil for the standard place, where none need be.
  public init(path: String?) {
    self.path = path ?? Self.standardPath
    mustExist = path != nil
  }

  /// Reads all files. What is wrong with them is reported to `review`, and missing in the
  /// configuration.
  public func read(_ review: ConfigurationReview) -> Configuration {
    var configuration = Configuration()
    for file in all {
      do throws(ConfigurationProblem) {
        guard let text = try text(of: file) else { continue }
        configuration.apply(try Self.parse(text, file: file, review))
        configuration.files.append(file)
      } catch {
        review.report(error)
      }
    }
    if !review.lacksFile { configuration.checkWhole(review) }
    return configuration
  }

  /// The main file and the drop-ins, in the order in which they are read.
  public var all: [String] { [path] + dropIns }

  /// The drop-ins that exist, in order.
  public var dropIns: [String] {
    guard path.hasSuffix(".toml") else { return [] }
    let folder = "\(path.dropLast(".toml".count)).d"
    guard let directory = opendir(folder) else { return [] }
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
  ) throws(ConfigurationProblem) -> ConfigurationSection {
    do throws(TOMLProblem) {
      return ConfigurationSection(try TOMLParser.parse(text), file: file, review: review)
    } catch {
      throw ConfigurationProblem(.syntax, file: file, line: error.line, message: error.message)
    }
  }

  private static let sizeLimit = 1 << 20

  private func text(of file: String) throws(ConfigurationProblem) -> String? {
    let descriptor = open(file, O_RDONLY | O_CLOEXEC)
    if descriptor < 0, errno == ENOENT, file == path, !mustExist { return nil }
    guard descriptor >= 0 else { throw Self.unreadable(file, errno) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = Glibc.read(descriptor, &block, block.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw Self.unreadable(file, errno) }
      if count == 0 { break }
      bytes += block[..<count]
      guard bytes.count <= Self.sizeLimit else {
        throw ConfigurationProblem(
          .unreadable, file: file, message: "is larger than a megabyte; that is no configuration")
      }
    }
    // What editors on Windows write in front of UTF-8 is no part of the first key.
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw ConfigurationProblem(
        .syntax, file: file, message: "is not UTF-8 text; save it as UTF-8")
    }
    return text
  }

  private static func unreadable(_ file: String, _ code: Int32) -> ConfigurationProblem {
    let advice =
      switch code {
      case ENOENT: "create it, or name another with --config"
      case EACCES: "allow this user to read it"
      default: "name a readable file with --config"
      }
    return ConfigurationProblem(
      .unreadable, file: file,
      message: "cannot be read: \(String(cString: strerror(code))); \(advice)")
  }
}
