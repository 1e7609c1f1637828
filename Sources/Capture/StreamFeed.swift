import Glibc
import SoundDevices
import Synchronization
import Threads

/// One stream's path from the capture thread to the inference thread: a ring of samples and a ring
/// of messages.
///
/// The writer keeps stream time true: samples that do not fit are counted, and the count goes out
/// before anything that follows.
public final class StreamFeed: Sendable {
  /// Samples of the stream's channel at the device's rate.
  public let samples: Ring<Int16>
  /// What happened, in order: see `CaptureMessage`.
  public let messages: Ring<CaptureMessage>
  /// How loud it is.
  public let meter = LevelMeter()
  private let wake: Int32
  private let accounted: Atomic<Int64>
  private static let never = Int64.min

  /// A feed for `sampleCapacity` samples. `wake` is an eventfd that is written whenever something
  /// was added; -1 for none. `accountedUntil` is where the time of a stream continues that had
  /// another feed before.
  public init(
    sampleCapacity: Int = 1 << 16, messageCapacity: Int = 1 << 10, wake: Int32 = -1,
    accountedUntil: Int64? = nil
  ) {
    accounted = Atomic(accountedUntil ?? Self.never)
    samples = Ring(capacity: sampleCapacity)
    messages = Ring(capacity: messageCapacity)
    self.wake = wake
  }

  /// Until when messages account for the stream's time, in nanoseconds of CLOCK_MONOTONIC; nil
  /// before a first device was started. The feed's next writer continues from here, so that no time
  /// is lost between two of them.
  public internal(set) var accountedUntil: Int64? {
    get {
      let time = accounted.load(ordering: .relaxed)
      return time == Self.never ? nil : time
    }
    set { accounted.store(newValue ?? Self.never, ordering: .relaxed) }
  }

  /// Drops everything unread and overwrites every sample. Returns how many samples were dropped,
  /// and how much time the unread messages report as lost for each cause, in nanoseconds. Neither
  /// end may be in use.
  @discardableResult
  public func forget() -> (samples: Int, lost: [LossCause: Int64]) {
    var dropped = (samples: 0, lost: [LossCause: Int64]())
    while let message = messages.read() {
      switch message {
      case .samples(let count, _): dropped.samples += Int(count)
      case .lost(let nanoseconds, let cause): dropped.lost[cause, default: 0] += nanoseconds
      case .state, .rate, .ended: break
      }
    }
    samples.forget()
    return dropped
  }

  /// Whether there is nothing to read.
  public var isEmpty: Bool { messages.count == 0 }

  /// Wakes the reader.
  func signal() {
    guard wake >= 0 else { return }
    var one: UInt64 = 1
    _ = Glibc.write(wake, &one, 8)
  }
}
