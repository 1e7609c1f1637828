import EventStream
import SoundDevices

/// What is to be said about something that befell a device.
public struct DeviceReport: Equatable, Sendable {
  /// To all clients.
  public var events: [Event.Content]
  /// In the log; nil for nothing, or for something that it was told of within the last minute.
  public var line: LogLine?
}

/// Puts into words what befalls the device of one stream: every change of its state is published,
/// lost sound in sums at most once a second, and the log has a line for each fault at most once a
/// minute.
public struct DeviceReporter: Sendable {
  private let stream: String
  /// Losses that are not yet published.
  private var losses = LossTally()

  /// A reporter for the stream of this name, that has nothing to say.
  public init(stream: String) { self.stream = stream }

  /// The device called `name` is in another state at `nowMs`; `problem` is why it last
  /// did not open.
  public func change(
    to state: DeviceState, _ reason: StateReason, device name: String,
    problem: OpenProblem?, nowMs: Int, limiter: inout FaultLimiter
  ) -> DeviceReport {
    let message = state.sentence(for: reason, of: name, problem: problem)
    let event = DeviceChange(state, reason: reason.token, message: message)
    let line: LogLine? =
      switch state {
      case .opening, .paused: nil
      case .running:
        limited(
          LogLine(.notice, .deviceRunning, "its device runs"), state.rawValue, nowMs, &limiter)
      default:
        limited(
          LogLine(reason == .ended ? .notice : .warning, .deviceFault, message ?? state.rawValue),
          "\(state) \(reason)", nowMs, &limiter)
      }
    return DeviceReport(events: [.device(event)], line: line)
  }

  /// Sound that nobody will hear, of which is told at `nowMs`.
  public mutating func lose(
    nanoseconds: Int64, _ cause: LossCause, nowMs: Int, limiter: inout FaultLimiter
  ) -> DeviceReport {
    guard let explanation = cause.explanation else { return DeviceReport(events: [], line: nil) }
    losses.add(nanoseconds: nanoseconds)
    let line = LogLine(
      cause == .reload ? .info : .warning, .soundLost,
      "\(nanoseconds / 1_000_000) ms of sound are lost: \(explanation)")
    return DeviceReport(
      events: takeLosses(nowMs: nowMs), line: limited(line, "\(cause)", nowMs, &limiter))
  }

  /// What sound was lost, if it is time at `nowMs` to publish it, or if this is the last that is
  /// heard of the stream.
  public mutating func takeLosses(nowMs: Int, isLast: Bool = false) -> [Event.Content] {
    losses.take(nowMs: nowMs, isLast: isLast).map { [.xrun(Xrun(lostMs: $0))] } ?? []
  }

  /// The line with the stream's name, if the same fault, which `kind` tells from others of its
  /// topic, was not logged within a minute; it says how often it was held back since.
  private func limited(
    _ line: LogLine, _ kind: String, _ nowMs: Int, _ limiter: inout FaultLimiter
  ) -> LogLine? {
    guard let suppressed = limiter.admit("\(line.topic) \(kind) \(stream)", nowMs: nowMs)
    else { return nil }
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
