import Announcement
import Capture
import EventStream

/// One stream as the event loop has it: what is configured, how its device is, and what its scores mean.
final class ServedStream {
  var plan: Plan.Stream
  let feed: StreamFeed
  let reports: StreamReports
  var recognition: StreamRecognition?
  var announcer: SpeechAnnouncer
  var deviceState = Capture.DeviceState.opening
  var rate: Int?

  /// A stream that has heard nothing. The eventfds wake the inference thread and the event loop.
  init(_ plan: Plan.Stream, announcer: SpeechAnnouncer, inference: Int32, loop: Int32) {
    self.plan = plan
    self.announcer = announcer
    feed = StreamFeed(wake: inference)
    reports = StreamReports(wake: loop)
  }

  /// How far the stream is, in its own frames.
  var position: Int64 { Int64(reports.position.load(ordering: .relaxed)) }

  /// What `hello` says about it.
  var summary: StreamSummary {
    StreamSummary(
      name: plan.name, role: plan.role, device: plan.device.text, channel: plan.channel,
      rateHz: rate, state: EventStream.DeviceState(deviceState),
      infersEmotion: announcer.infersEmotion, sustained: announcer.sustained)
  }
}

extension EventStream.DeviceState {
  /// The published word for a state of capture: the two lists have the same words.
  init(_ state: Capture.DeviceState) {
    self =
      switch state {
      case .absent: .absent
      case .opening: .opening
      case .running: .running
      case .busy: .busy
      case .denied: .denied
      case .lost: .lost
      case .silent: .silent
      case .stuck: .stuck
      case .clipping: .clipping
      case .paused: .paused
      }
  }
}
