import Foundation

/// A folder of a test's own, removed with all that is in it when this object goes away.
///
/// It lies right below /tmp, because the path of a Unix socket has 107 bytes at most. Everybody may
/// look into it, because some daemons under test run as nobody.
public final class TemporaryFolder {
  /// Where it lies.
  public let path: String

  /// An empty one.
  public init() {
    var template = Array("/tmp/edged-XXXXXX".utf8CString)
    path = template.withUnsafeMutableBufferPointer { template in
      guard let made = mkdtemp(template.baseAddress!) else {
        fatalError("no folder can be made in /tmp: \(String(cString: strerror(errno)))")
      }
      return String(cString: made)
    }
    chmod(path, 0o755)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The same, for what wants no path.
  public var url: URL { URL(fileURLWithPath: path, isDirectory: true) }

  /// Where a file of this name is or would be.
  public func path(_ name: String) -> String { "\(path)/\(name)" }

  /// Writes a file, in a folder of its own where `name` has one; returns its path.
  @discardableResult
  public func file(_ name: String, _ bytes: some Sequence<UInt8>) throws -> String {
    let file = url.appending(path: name)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: file)
    return path(name)
  }

  /// The same of text in UTF-8.
  @discardableResult
  public func file(_ name: String, _ text: String) throws -> String { try file(name, text.utf8) }
}
