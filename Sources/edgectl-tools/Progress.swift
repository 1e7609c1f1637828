import Glibc

/// How far a long job has come, on standard error when that is a terminal, and nowhere else.
final class Progress {
  private let total: Int
  private let what: String
  private let isShown = isatty(STDERR_FILENO) == 1
  private let started = ContinuousClock.now
  private var shown = ContinuousClock.now
  private var done = 0

  /// A job of `total` things, called `what` in the plural.
  init(total: Int, what: String) {
    self.total = total
    self.what = what
  }

  /// One more is done.
  func advance() {
    done += 1
    let now = ContinuousClock.now
    guard isShown, now - shown > .milliseconds(100) else { return }
    shown = now
    let elapsed = Double((now - started).components.seconds) + 0.5
    let left = Int(elapsed * Double(total - done) / Double(done))
    write("\r\(done) of \(total) \(what), \(left) s left\u{1b}[K")
  }

  /// All is done, or given up: the line goes away.
  func finish() {
    if isShown { write("\r\u{1b}[K") }
  }

  private func write(_ text: String) {
    let bytes = Array(text.utf8)
    _ = bytes.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }
}
