import Glibc
import Synchronization
import Threads

/// One stream's path from the inference thread to the event loop.
final class StreamReports: Sendable {
  /// What happened, in order.
  let ring = Ring<StreamReport>(capacity: 512)
  /// How far the stream is, in its own frames.
  let position = Atomic<Int>(0)
  private let wake: Int32

  /// `wake` is an eventfd that is written with every report.
  init(wake: Int32) { self.wake = wake }

  /// Adds a report. There is room for it: the inference thread processes nothing whose reports
  /// might not fit.
  func send(_ report: StreamReport) {
    _ = ring.write(report)
    var one: UInt64 = 1
    _ = write(wake, &one, 8)
  }
}
