import Glibc

/// What a command says beside its output.
public enum StandardError {
  /// Says one sentence, as `edgectl`. That it cannot be said is nobody's loss.
  public static func note(_ sentence: String) {
    write("edgectl: \(sentence)\n")
  }

  /// Writes `text` as it is.
  public static func write(_ text: String) {
    let bytes = Array(text.utf8)
    _ = bytes.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }
}
