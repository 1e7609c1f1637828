import Announcement
import Capture
import EventStream
import SoundDevices

/// One stream as the event loop sees it: its plan, the state of its device, and the meaning of its
/// scores.
final class ServedStream {
  var plan: Plan.Stream
  let feed: StreamFeed
  let reports: StreamReports
  private let predecessor: StreamPast?
  var recognition: StreamRecognition?
  var announcer: SpeechAnnouncer
  var deviceState = DeviceState.opening
  /// Why it is in that state.
  var stateReason = StateReason.none
  var rate: Int?
  /// Reports on its device.
  var reporter: DeviceReporter

  /// A stream that has heard nothing. The eventfds wake the inference thread and the event loop.
  /// `past` is what an earlier one of the same name has left.
  init(
    _ plan: Plan.Stream, announcer: SpeechAnnouncer, past: StreamPast?, inference: Int32,
    loop: Int32
  ) {
    self.plan = plan
    self.announcer = announcer
    predecessor = past
    reporter = DeviceReporter(stream: plan.name)
    feed = StreamFeed(wake: inference, accountedUntil: past?.accountedUntil)
    reports = StreamReports(wake: loop)
  }

  /// How far the stream is, in its own frames.
  var position: Int64 { Int64(reports.position.load(ordering: .relaxed)) }

  /// How far the stream is, in milliseconds.
  var milliseconds: Int { announcer.milliseconds(ofFrame: position) }

  /// What it leaves to its successor.
  var past: StreamPast? { recognition?.past ?? predecessor }

  /// Forgets a failed state, which does not hold for another device that has yet to be tried.
  func forgetFailure() {
    guard !deviceState.delivers, deviceState != .paused else { return }
    (deviceState, stateReason) = (.opening, .none)
  }

  /// The cause of loss for the time in which nobody captures from now on.
  var causeOfAbsence: LossCause {
    if deviceState == .paused { return .pause }
    return deviceState.delivers ? .reload : .absence
  }

  /// What `hello` says about it.
  var summary: StreamSummary {
    StreamSummary(
      name: plan.name, role: plan.role, device: plan.device.text, channel: plan.channel,
      rateHz: deviceState.delivers ? rate : nil, state: deviceState,
      reason: stateReason.token, infersEmotion: announcer.infersEmotion,
      sustained: announcer.sustained)
  }
}
