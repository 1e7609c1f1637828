import EventStream
import Service
import SoundDevices

/// Puts into words what befalls the device of one stream: every change of its state is published,
/// lost sound in sums at most once a second, and the log has a line for each fault at most once a
/// minute.
struct DeviceReporter {
  private let stream: String
  /// Losses that are not yet published.
  private var losses = LossTally()

  /// A reporter for the stream of this name, that has nothing to say.
  init(stream: String) { self.stream = stream }

  /// The device called `name` is in another state since `moment`; `problem` is why it last did not
  /// open.
  func change(
    to state: DeviceState, _ reason: StateReason, device name: String,
    problem: OpenProblem?, at moment: EventMoment, limiter: inout FaultLimiter
  ) -> DeviceReport {
    let message = state.sentence(for: reason, of: name, problem: problem)
    let event = DeviceChange(state, reason: reason.token, message: message)
    let line: LogLine? =
      switch state {
      case .opening, .paused: nil
      case .running:
        limited(
          LogLine(.notice, .deviceRunning, "its device runs"), state.rawValue, moment, &limiter)
      default:
        limited(
          LogLine(reason == .ended ? .notice : .warning, .deviceFault, message ?? state.rawValue),
          "\(state) \(reason)", moment, &limiter)
      }
    return DeviceReport(events: [.device(event)], line: line, moment: moment)
  }

  /// Sound that nobody will hear, of which is told at `moment`.
  mutating func lose(
    nanoseconds: Int64, _ cause: LossCause, at moment: EventMoment, limiter: inout FaultLimiter
  ) -> DeviceReport {
    guard let explanation = cause.explanation else { return DeviceReport(moment: moment) }
    losses.add(nanoseconds: nanoseconds)
    let line = LogLine(
      cause == .reload ? .info : .warning, .soundLost,
      "\(nanoseconds / 1_000_000) ms of sound are lost: \(explanation)")
    var report = takeLosses(at: moment)
    report.line = limited(line, "\(cause)", moment, &limiter)
    return report
  }

  /// What sound was lost, if it is time at `moment` to publish it, or if this is the last that is
  /// heard of the stream.
  mutating func takeLosses(at moment: EventMoment, isLast: Bool = false) -> DeviceReport {
    let lostMs = losses.take(nowMs: moment.monotonicMs, isLast: isLast)
    return DeviceReport(events: lostMs.map { [.xrun(Xrun(lostMs: $0))] } ?? [], moment: moment)
  }

  /// The line with the stream's name, if the same fault, which `kind` tells from others of its
  /// topic, was not logged within a minute; it says how often it was held back since.
  private func limited(
    _ line: LogLine, _ kind: String, _ moment: EventMoment, _ limiter: inout FaultLimiter
  ) -> LogLine? {
    let fault = "\(line.topic) \(kind) \(stream)"
    guard let suppressed = limiter.admit(fault, nowMs: moment.monotonicMs) else { return nil }
    let more = suppressed > 0 ? " (and \(suppressed) such lines before it)" : ""
    return LogLine(line.level, line.topic, "stream \(stream): \(line.text)\(more)")
  }
}

extension LossCause {
  /// Why sound was lost, for people; nil where the device's states have said that nobody heard it.
  fileprivate var explanation: String? {
    switch self {
    case .overrun: "the capture thread came too late"
    case .suspend: "the machine slept"
    case .hiccup: "the device left it out"
    case .backlog: "recognition was behind"
    case .reload: "the device was opened again for another configuration"
    case .absence, .pause: nil
    }
  }
}
