import SoundDevices
import Threads

/// Reads one device until told to stop, through every fault that sound cards are known for.
///
/// The device's channels go to one feed each. The loop never gives up: it looks for an absent
/// device until it is back, and counts the time in between as lost, so that stream time stays true.
/// `CaptureLoop+Recovery.swift` has one function for each fault.
///
/// Between `open` and the next fault nothing is allocated.
public final class CaptureLoop {
  /// One stream: a channel of the device, counted from 0, and where its samples go.
  public struct Tap {
    /// Channel of the device, counted from 0.
    public var channel: Int
    /// Where the samples go.
    public var feed: StreamFeed
    /// Why nobody captured for the feed since its last capture thread ended.
    public var causeOfAbsence: LossCause

    /// A stream of `channel`.
    public init(channel: Int, feed: StreamFeed, causeOfAbsence: LossCause = .reload) {
      self.channel = channel
      self.feed = feed
      self.causeOfAbsence = causeOfAbsence
    }
  }

  /// How long one wait for samples may take, in milliseconds. Stopping is noticed this often.
  static let waitMilliseconds: Int32 = 200
  /// A running device that delivers nothing for this long has stalled and is opened again.
  static let stallNanoseconds: Int64 = 2_000_000_000
  /// A device that has delivered for this long works: when lost, it is opened again at once, any
  /// other after a rest.
  static let provingNanoseconds: Int64 = 10_000_000_000

  let device: any PCMDevice
  let surroundings: any CaptureSurroundings
  let health: CaptureHealth
  var streams: [Stream]
  var format = StreamFormat(rate: 16_000, channels: 1, sample: .int16, period: 320, buffer: 8000)
  /// When the newest frame was captured, or the device last started.
  var captured: Int64 = 0
  /// When the device last delivered frames.
  var lastDelivery: Int64 = 0
  /// Whether the device was ever started.
  var hasStarted = false
  /// When the device was last started after it was opened.
  var startedAt: Int64 = 0
  /// Restarts and resumes since the device last delivered.
  var fruitlessRestarts = 0
  /// Wakes without data since the device last delivered.
  var emptyWakes = 0
  /// Whether the device has delivered for long enough since it was opened to count as one that
  /// works.
  var isProven = false
  /// The wait between attempts to open a device.
  var backoff = Backoff()
  /// The wait between a loss and the next open, while the device is not proven.
  var rest = Backoff()
  /// How far a live device has run ahead of the clock since it was opened.
  var lead = DeliveryLead(buffer: 0, at: 0)
  /// Holds the period just read, interleaved and as one channel. Locked like the feeds, which hold
  /// the same sound.
  private var memory = LockedMemory(count: 0)
  private var interleaved = UnsafeMutableRawBufferPointer(start: nil, count: 0)
  private var mono = UnsafeMutableBufferPointer<Int16>(start: nil, count: 0)

  struct Stream {
    let channel: Int
    let causeOfAbsence: LossCause
    var writer: FeedWriter
    var converter: SampleConverter?
    var inputHealth = InputHealth(rate: 16_000)
    var state: DeviceState?
    var reason = StateReason.none
  }

  /// A loop that will read `device` for `taps`.
  init(
    device: any PCMDevice, taps: [Tap], surroundings: any CaptureSurroundings, health: CaptureHealth
  ) {
    self.device = device
    self.surroundings = surroundings
    self.health = health
    streams = taps.map {
      Stream(
        channel: $0.channel, causeOfAbsence: $0.causeOfAbsence, writer: FeedWriter($0.feed))
    }
  }

  /// Reads until `surroundings.isStopping` or the source ends.
  func run() {
    report(.opening, .none)
    while openWhenPresent() {
      let outcome = readUntilLost()
      device.close()
      switch outcome {
      case .ended:
        finish()
        return
      case .stopped:
        return
      case .lost(let reason):
        // A source that is not audio has not gone away: the next open says what it is.
        if reason != .badFile { report(.lost, reason) }
        restUnlessProven()
      }
    }
  }

  /// How reading came to an end.
  enum Outcome: Equatable {
    case stopped
    case ended
    case lost(StateReason)
  }

  /// Gets ready to read in the format that was just negotiated. The only place that allocates.
  func adopt(_ format: StreamFormat) throws(OpenProblem) {
    for index in streams.indices {
      let channel = streams[index].channel
      guard channel < format.channels else {
        throw .noSuchChannel(name: health.deviceName, channel: channel, channels: format.channels)
      }
      streams[index].converter = SampleConverter(format: format, channel: channel)
      streams[index].inputHealth = InputHealth(rate: format.rate)
    }
    let size = (format.period * format.bytesPerFrame + 15) & ~15
    memory = LockedMemory(count: size + format.period * MemoryLayout<Int16>.stride)
    health.remember(isLocked: memory.isLocked)
    interleaved = UnsafeMutableRawBufferPointer(rebasing: memory.bytes[..<size])
    mono = UnsafeMutableRawBufferPointer(rebasing: memory.bytes[size...]).bindMemory(to: Int16.self)
    self.format = format
    isProven = false
  }

  /// The inner loop: wait, read, pass on. Every other result is a fault for recovery to decide on.
  func readUntilLost() -> Outcome {
    if let lost = startDevice() { return lost }
    while !surroundings.isStopping {
      let ready = device.wait(milliseconds: Self.waitMilliseconds)
      let fault: Outcome? =
        if ready > 0 {
          readPeriod()
        } else if ready == 0 {
          examineQuietDevice()
        } else {
          examineFailedWait(ready)
        }
      if let fault { return fault }
      if lead.isTooLong { return loseWithoutClock() }
    }
    return .stopped
  }

  /// Reads what is there, up to a period. A short read is as good as a whole one.
  private func readPeriod() -> Outcome? {
    guard device.isLive || waitForRoom() else { return nil }
    let count = device.read(into: interleaved.baseAddress!, frames: format.period)
    guard count > 0 else { return count == 0 ? restAfterEmptyWake() : recover(from: Int32(count)) }
    take(count)
    return nil
  }

  /// Reads what the device has without a wait having reported it; returns the frame count or a
  /// negative errno.
  func readUnannounced() -> Int {
    let count = device.read(into: interleaved.baseAddress!, frames: format.period)
    if count > 0 { take(count) }
    return count
  }

  /// Passes on `count` frames that were just read.
  private func take(_ count: Int) {
    let now = surroundings.now()
    if device.isLive { lead.hear(format.nanoseconds(frames: count), at: now) }
    captured = captureTime(of: count, now: now)
    passOn(count, captured: captured)
    lastDelivery = now
    isProven = isProven || now - startedAt >= Self.provingNanoseconds
    health.progress.advance()
  }

  /// When the last of the `count` frames just read was captured.
  private func captureTime(of count: Int, now: Int64) -> Int64 {
    guard device.isLive else { return now }
    let unread = device.pending()
    // The card has overrun since, or is gone, and does not tell how much it held. These frames
    // follow those before them.
    if unread < 0 { return captured + format.nanoseconds(frames: count) }
    // A card that is gone may also report any number.
    return now - format.nanoseconds(frames: min(unread, format.buffer))
  }

  private func passOn(_ count: Int, captured: Int64) {
    let duration = format.nanoseconds(frames: count)
    for index in streams.indices {
      streams[index].converter!.convert(
        UnsafeRawPointer(interleaved.baseAddress!), count: count, into: mono.baseAddress!)
      let (state, reason) = streams[index].inputHealth.examine(mono.baseAddress!, count: count)
      report(state, reason, stream: index)
      streams[index].writer.deliver(
        mono.baseAddress!, count: count, time: captured, duration: duration)
      streams[index].writer.feed.meter.hear(mono.baseAddress!, count: count)
    }
    fruitlessRestarts = 0
    emptyWakes = 0
  }

  /// A source that can wait is not read while a feed is full, so nothing of it is lost.
  private func waitForRoom() -> Bool {
    if streams.allSatisfy({ $0.writer.hasRoom(for: format.period) }) { return true }
    surroundings.pause(milliseconds: 1)
    health.progress.advance()
    return false
  }

  private func finish() {
    for index in streams.indices {
      while !streams[index].writer.end(), !surroundings.isStopping {
        surroundings.pause(milliseconds: 10)
      }
    }
    report(.absent, .ended)
    health.progress.finish()
  }

  /// Tells every stream about its device.
  func report(_ state: DeviceState, _ reason: StateReason) {
    for index in streams.indices { report(state, reason, stream: index) }
  }

  /// Tells one stream about its device, if that is news.
  private func report(_ state: DeviceState, _ reason: StateReason, stream index: Int) {
    guard streams[index].state != state || streams[index].reason != reason else { return }
    streams[index].state = state
    streams[index].reason = reason
    streams[index].writer.report(state, reason)
  }
}
