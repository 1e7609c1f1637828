import Glibc
import Synchronization

/// One stream's way from the capture thread to the inference thread: a ring of samples and a ring
/// of what happened.
///
/// The writing side keeps the promise that stream time stays true: samples that do not fit are
/// counted, and the count goes out before anything that follows.
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
  /// was added; -1 for none. `accountedUntil` is where the time of a stream goes on that had
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

  /// Up to when messages tell where the stream's time went, in nanoseconds of CLOCK_MONOTONIC; nil
  /// before a first device was started. What captures for this feed next goes on from here, so that
  /// no time is lost between two of them.
  public internal(set) var accountedUntil: Int64? {
    get {
      let time = accounted.load(ordering: .relaxed)
      return time == Self.never ? nil : time
    }
    set { accounted.store(newValue ?? Self.never, ordering: .relaxed) }
  }

  /// Drops everything that was not read and overwrites every sample; how many samples that were,
  /// and how much more time the messages tell of as lost, in nanoseconds. Neither end may be in
  /// use.
  @discardableResult
  public func forget() -> (samples: Int, lost: Int64) {
    var dropped = (samples: 0, lost: Int64(0))
    while let message = messages.read() {
      switch message {
      case .samples(let count, _): dropped.samples += Int(count)
      case .lost(let nanoseconds, _): dropped.lost += nanoseconds
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

/// The writing side of a `StreamFeed`, used by one capture thread at a time.
struct FeedWriter {
  let feed: StreamFeed
  /// When the last sample was captured, or the device last started.
  private var capturedUntil: Int64?
  /// Losses that could not be told of yet, in nanoseconds, by the number of their cause.
  private var untold = SIMD8<Int64>()
  /// Sound that was delivered before its time.
  private var surplus: Int64 = 0
  /// Of a live device.
  private var pace: DeliveryPace?
  private var unsentState: (DeviceState, StateReason)?
  private var unsentRate: Int32?

  init(_ feed: StreamFeed) {
    self.feed = feed
    capturedUntil = feed.accountedUntil
  }

  /// Whether `count` samples could be delivered now.
  func hasRoom(for count: Int) -> Bool {
    feed.samples.space >= count && feed.messages.space > Self.reserve
  }

  /// Slots for what must be said before the next samples: a rate, a state, a loss, and the samples
  /// themselves.
  private static let reserve = 4

  /// Passes samples on, or counts them as lost when the reader is behind by a whole ring.
  mutating func deliver(
    _ samples: UnsafePointer<Int16>, count: Int, time: Int64, duration: Int64
  ) {
    if let missing = pace?.hear(duration, until: time), missing > 0 {
      lose(nanoseconds: missing, cause: .hiccup)
    }
    capturedUntil = time
    defer { account() }
    guard hasRoom(for: count), flush(), feed.messages.space > 0 else {
      keep(duration, .backlog)
      return
    }
    _ = feed.samples.write(samples, count: count)
    _ = feed.messages.write(.samples(count: Int32(count), time: time))
    feed.signal()
  }

  /// A device starts to deliver at `now`; a live one has missed what passed since the last sample.
  /// Of any other the stream breaks off and goes on.
  mutating func start(at now: Int64, isLive: Bool, cause: LossCause) {
    defer { account() }
    pace = isLive ? DeliveryPace() : nil
    pace?.restart(at: now)
    guard let until = capturedUntil else {
      capturedUntil = now
      return
    }
    capturedUntil = now
    guard isLive else {
      _ = end()
      return
    }
    let missed = now - until - surplus
    surplus = max(0, -missed)
    lose(nanoseconds: missed, cause: cause)
  }

  /// The device has delivered `nanoseconds` of sound before their time: so much less is missing
  /// when it starts again.
  mutating func runsAhead(by nanoseconds: Int64) {
    surplus += nanoseconds
    account()
  }

  private mutating func lose(nanoseconds: Int64, cause: LossCause) {
    guard nanoseconds > 0 else { return }
    guard flush(), feed.messages.write(.lost(nanoseconds: nanoseconds, cause: cause)) else {
      keep(nanoseconds, cause)
      return
    }
    feed.signal()
  }

  private mutating func keep(_ nanoseconds: Int64, _ cause: LossCause) {
    untold[Int(cause.rawValue)] += nanoseconds
  }

  mutating func report(_ state: DeviceState, _ reason: StateReason) {
    unsentState = (state, reason)
    if flush() { feed.signal() }
  }

  mutating func announce(rate: Int) {
    unsentRate = Int32(rate)
    if flush() { feed.signal() }
  }

  /// Says that the source has ended; false while the reader is too far behind to be told.
  mutating func end() -> Bool {
    guard flush(), feed.messages.write(.ended) else { return false }
    feed.signal()
    return true
  }

  /// What could not be sent is left to whoever writes next.
  private func account() {
    feed.accountedUntil = capturedUntil.map { $0 - untold.wrappedSum() + surplus }
  }

  /// Sends what could not be sent before, losses first; false while the ring is full.
  private mutating func flush() -> Bool {
    for index in untold.indices where untold[index] > 0 {
      let cause = LossCause(rawValue: UInt8(index))!
      guard feed.messages.write(.lost(nanoseconds: untold[index], cause: cause)) else {
        return false
      }
      untold[index] = 0
      account()
    }
    if let (state, reason) = unsentState {
      guard feed.messages.write(.state(state, reason)) else { return false }
      unsentState = nil
    }
    if let rate = unsentRate {
      guard feed.messages.write(.rate(rate)) else { return false }
      unsentRate = nil
    }
    return true
  }
}
