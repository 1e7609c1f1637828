import Glibc
import Text

/// A command's messages, apart from its output.
public enum StandardError {
  /// Writes one sentence, as `edgectl`. A failure to write it is ignored.
  public static func note(_ sentence: String) {
    write("edgectl: \(sentence.printable)\n")
  }

  /// Writes several lines, as `edgectl`: what is wrong with a command line, and how it is written.
  static func note(lines: String) {
    let lines = lines.split(separator: "\n", omittingEmptySubsequences: false)
    write("edgectl: \(lines.map { String($0).printable }.joined(separator: "\n"))\n")
  }

  /// Writes `text` as it is.
  public static func write(_ text: String) {
    let bytes = Array(text.utf8)
    _ = bytes.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }
}
