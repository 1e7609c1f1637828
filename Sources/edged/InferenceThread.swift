import Capture
import CLinux
import Glibc
import Threads

/// The thread on which all streams are recognized.
///
/// It can be stopped and started again in a few milliseconds; the feeds hold what comes in between.
/// So code that changes streams or models stops it, and needs no locks.
final class InferenceThread {
  /// Advances with every round.
  let progress = Progress()
  /// Written by capture threads when there is something to process.
  let wake: Int32

  private var run: Run?

  /// One run of the thread: what it works on, and its stop signal.
  private final class Run {
    let streams: [StreamRecognition]
    let progress: Progress
    let wake: Int32
    let stop = StopSignal()
    var worker: WorkerThread?

    init(_ streams: [StreamRecognition], progress: Progress, wake: Int32) {
      self.streams = streams
      self.progress = progress
      self.wake = wake
    }
  }

  init() {
    wake = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
  }

  deinit { close(wake) }

  /// Whether there is nothing to process, so that the thread may stand still.
  var isIdle: Bool { run?.streams.allSatisfy { $0.feed.isEmpty } ?? true }

  /// Whether the thread's stack is kept out of swap; true while there is none.
  var isLocked: Bool { run?.worker?.isLocked ?? true }

  /// Works on `streams` until `stop`.
  func start(_ streams: [StreamRecognition]) {
    stop()
    let run = Run(streams, progress: progress, wake: wake)
    self.run = run
    run.worker = WorkerThread("inference") { [unowned run] in InferenceThread.work(run) }
  }

  /// Lets the thread finish its current message, and waits for it.
  func stop() {
    guard let run else { return }
    run.stop.request()
    run.worker?.join()
    self.run = nil
  }

  private static func work(_ run: Run) {
    while !run.stop.isRequested {
      var hasMoved = false
      // By index: iterating an array of objects allocates when it is not optimized.
      for index in run.streams.indices where run.streams[index].step() { hasMoved = true }
      run.progress.advance()
      if !hasMoved { wait(run) }
    }
  }

  /// Sleeps until a feed has something; 5 ms at most while a feed waits for room in its report
  /// ring.
  private static func wait(_ run: Run) {
    var isBlocked = false
    for index in run.streams.indices where !run.streams[index].feed.isEmpty { isBlocked = true }
    var descriptors = (
      pollfd(fd: run.wake, events: Int16(POLLIN), revents: 0),
      pollfd(fd: run.stop.descriptor, events: Int16(POLLIN), revents: 0)
    )
    withUnsafeMutableBytes(of: &descriptors) {
      _ = poll($0.assumingMemoryBound(to: pollfd.self).baseAddress!, 2, isBlocked ? 5 : -1)
    }
    var count: UInt64 = 0
    _ = read(run.wake, &count, 8)
  }
}
