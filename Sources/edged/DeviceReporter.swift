import EventStream
import Service
import SoundDevices

/// Reports what happens to the device of one stream: every change of its state is published, lost
/// sound in sums at most once a second, and each fault is logged at most once a minute. A state
/// that was held back from the log is logged when the minute is over if it still holds, so that the
/// log does not end with an outdated one.
struct DeviceReporter {
  private let stream: String
  /// Losses that are not yet published.
  private var losses = LossTally()
  /// The log line on the current state, and its kind, if it was held back.
  private var heldBack: (line: LogLine, kind: String)?

  /// A reporter for the stream of this name, with nothing to report.
  init(stream: String) { self.stream = stream }

  /// The device is in another state since `moment`; `problem` is why it last did not open.
  mutating func change(
    to state: DeviceState, _ reason: StateReason, device: DeviceName,
    problem: OpenProblem?, at moment: EventMoment, limiter: inout FaultLimiter
  ) -> DeviceReport {
    let message = state.sentence(for: reason, of: device, problem: problem)
    let event = DeviceChange(state, reason: reason.token, message: message)
    let said: (line: LogLine, kind: String)? =
      switch state {
      case .opening, .paused: nil
      case .running:
        (LogLine(.notice, .deviceRunning, "its device runs"), state.rawValue)
      default:
        (
          LogLine(reason == .ended ? .notice : .warning, .deviceFault, message ?? state.rawValue),
          "\(state) \(reason)"
        )
      }
    let line = said.flatMap { limited($0.line, $0.kind, moment, &limiter) }
    heldBack = line == nil ? said : nil
    return DeviceReport(events: [.device(event)], line: line, moment: moment)
  }

  /// Sound was lost, as reported at `moment`.
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

  /// The sound that was lost, if it is time at `moment` to publish it, or if this is the stream's
  /// last report.
  mutating func takeLosses(at moment: EventMoment, isLast: Bool = false) -> DeviceReport {
    let lostMs = losses.take(nowMs: moment.monotonicMs, isLast: isLast)
    return DeviceReport(events: lostMs.map { [.xrun(Xrun(lostMs: $0))] } ?? [], moment: moment)
  }

  /// What is due at `moment`: what `takeLosses` gives, and the line on the current state, if it was
  /// held back for a minute.
  mutating func takeDue(
    at moment: EventMoment, isLast: Bool = false, limiter: inout FaultLimiter
  ) -> DeviceReport {
    var report = takeLosses(at: moment, isLast: isLast)
    if let (line, kind) = heldBack,
      let others = limiter.admitHeldBack(fault(line, kind), nowMs: moment.monotonicMs)
    {
      heldBack = nil
      report.line = named(line, heldBack: others)
    }
    return report
  }

  /// The line with the stream's name, if the same fault was not logged within a minute; `kind`
  /// tells it from others of its topic.
  private func limited(
    _ line: LogLine, _ kind: String, _ moment: EventMoment, _ limiter: inout FaultLimiter
  ) -> LogLine? {
    limiter.admit(fault(line, kind), nowMs: moment.monotonicMs).map { named(line, heldBack: $0) }
  }

  private func fault(_ line: LogLine, _ kind: String) -> String {
    "\(line.topic) \(kind) \(stream)"
  }

  /// The line as it is logged: it says how many like it were held back.
  private func named(_ line: LogLine, heldBack count: Int) -> LogLine {
    let more = count > 0 ? " (and \(count) such lines before it)" : ""
    return LogLine(line.level, line.topic, "stream \(stream): \(line.text)\(more)")
  }
}

extension LossCause {
  /// Why sound was lost, for people; nil where the device's states already say so.
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
