import Affect
import Capture
import EventStream

/// One stream as the event loop has it: what is configured, how its device is, and what its scores mean.
final class ServedStream {
  var plan: Plan.Stream
  let feed: StreamFeed
  let reports: StreamReports
  var recognition: StreamRecognition?
  var interpreter: Interpreter
  var deviceState = Capture.DeviceState.opening
  var rate: Int?
  /// The level of the segment that is open or was last, in centibels, once it is known.
  var level: Int?

  /// A stream that has heard nothing. The eventfds wake the inference thread and the event loop.
  init(_ plan: Plan.Stream, interpreter: Interpreter, inference: Int32, loop: Int32) {
    self.plan = plan
    self.interpreter = interpreter
    feed = StreamFeed(wake: inference)
    reports = StreamReports(wake: loop)
  }

  /// How far the stream is, in its own milliseconds.
  var positionMs: Int { reports.position.load(ordering: .relaxed) }

  /// What `hello` says about it.
  var summary: StreamSummary {
    StreamSummary(
      name: plan.name, role: plan.role, device: plan.device.text, channel: plan.channel,
      rateHz: rate, state: EventStream.DeviceState(deviceState),
      infersEmotion: interpreter.infersEmotion, sustained: interpreter.sustained?.label)
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
