import Synchronization

/// The progress of a long job, on standard error if that is a terminal that can redraw a line, and
/// nowhere else. Several threads may report.
public final class ProgressLine: Sendable {
  private let total: Int
  private let what: String
  private let isShown = Terminal.error.obeysEscapes
  private let started = ContinuousClock.now
  private let state = Mutex<(done: Int, shown: ContinuousClock.Instant)>((0, .now))

  /// A job of `total` things, called `what` in the plural.
  public init(total: Int, what: String) {
    self.total = total
    self.what = what
  }

  /// One more is done.
  public func advance() {
    state.withLock { state in
      state.done += 1
      let now = ContinuousClock.now
      guard isShown, now - state.shown > .milliseconds(100) else { return }
      state.shown = now
      let elapsed = Double((now - started).components.seconds) + 0.5
      let left = Int(elapsed * Double(total - state.done) / Double(state.done))
      let line = "\(state.done) of \(total) \(what), \(left) s left"
      StandardError.write("\r\(line.prefix(Terminal.error.lineWidth))\u{1b}[K")
    }
  }

  /// All is done, or given up: the line goes away.
  public func finish() {
    if isShown { StandardError.write("\r\u{1b}[K") }
  }
}
