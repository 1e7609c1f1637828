import Glibc

/// A text file, or the text that a program writes to a pipe, read whole.
public enum TextFile {
  /// Why it cannot be read.
  public enum Problem: Error, Equatable {
    /// The system refuses; `code` is its errno.
    case unreadable(code: Int32)
    /// Its bytes are not UTF-8.
    case notText

    /// What is wrong and what to do, as the end of a sentence: “No such file or directory; …”.
    public var reason: String {
      switch self {
      case .unreadable(ENOENT): "\(words(ENOENT)); name a file that exists"
      case .unreadable(EISDIR): "it is a folder; name a file in it"
      case .unreadable(EACCES): "\(words(EACCES)); ask its owner to let you read it"
      case .unreadable(let code): words(code)
      case .notText: "it is not text in UTF-8; save it as such"
      }
    }

    private func words(_ code: Int32) -> String { String(cString: strerror(code)) }
  }

  /// The text of the file at `path`, without a byte-order mark.
  public static func read(_ path: String) throws(Problem) -> String {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .unreadable(code: errno) }
    defer { close(descriptor) }
    return try text(of: descriptor)
  }

  /// The text on standard input, without a byte-order mark.
  static func readStandardInput() throws(Problem) -> String {
    try text(of: STDIN_FILENO)
  }

  private static func text(of descriptor: Int32) throws(Problem) -> String {
    guard var bytes = allBytes(of: descriptor) else { throw .unreadable(code: errno) }
    // The byte-order mark that editors on Windows write is not part of the first line.
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
    guard let text = String(validating: bytes, as: UTF8.self) else { throw .notText }
    return text
  }
}
