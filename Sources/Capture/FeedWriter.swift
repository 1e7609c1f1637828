import SoundDevices

/// The writing side of a `StreamFeed`, used by one capture thread at a time.
struct FeedWriter {
  let feed: StreamFeed
  /// When the last sample was captured, or the device last started.
  private var capturedUntil: Int64?
  /// Losses not reported yet, in nanoseconds, indexed by the raw value of their cause. There are at
  /// most eight causes (`FeedTests` counts them).
  private var untold = SIMD8<Int64>()
  /// Sound that was delivered ahead of time, in nanoseconds.
  private var surplus: Int64 = 0
  /// Detects unreported losses of a live device; nil for any other.
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

  /// Message slots for what must precede the next samples, a rate, a state and a loss, and for the
  /// samples themselves.
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

  /// A device starts to deliver at `now`. A live one has lost the time since the last sample; any
  /// other ends the stream and begins it anew.
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

  /// The device has delivered `nanoseconds` of sound ahead of time: the loss at its next start is
  /// shorter by as much.
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

  /// Leaves losses that could not be sent to the feed's next writer.
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
