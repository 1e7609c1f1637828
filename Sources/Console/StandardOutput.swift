import ArgumentParser
import Glibc

/// Standard output, written unbuffered and completely, so that a full disk is an error of the
/// command and not a shorter file.
///
/// (`print` does not report what it could not write: the command would end with success.)
public enum StandardOutput {
  /// Why something could not be written.
  public struct Problem: Error, Equatable, CustomStringConvertible {
    /// The system's errno.
    public let code: Int32

    /// One sentence: what, where, what to do.
    public var description: String {
      let remedy = code == ENOSPC || code == EDQUOT ? ": make room and try again" : ""
      return "cannot write to standard output: \(String(cString: strerror(code)))\(remedy)."
    }
  }

  /// Writes `value` and ends the line.
  public static func line(_ value: some CustomStringConvertible) throws {
    try write(Array("\(value)\n".utf8))
  }

  /// Writes `text` as it is.
  public static func text(_ text: String) throws {
    try write(Array(text.utf8))
  }

  /// Writes all of `bytes`, in one call where the system takes them.
  ///
  /// Throws `Problem`; or, when the reader has left and SIGPIPE is ignored, the exit code of
  /// success: who closes a pipe has read enough.
  public static func write(_ bytes: [UInt8]) throws {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.write(STDOUT_FILENO, $0.baseAddress! + written, bytes.count - written)
      }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else {
        throw errno == EPIPE ? ExitCode.success : Problem(code: errno) as Error
      }
      written += count
    }
  }
}
