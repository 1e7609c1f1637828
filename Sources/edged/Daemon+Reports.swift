import Capture
import EventStream
import Glibc
import Service
import SoundDevices

/// From what the threads report to what is published.
extension Daemon {
  /// Works off all reports.
  func takeReports() {
    var count: UInt64 = 0
    _ = read(reportsWake, &count, 8)
    for stream in streams { takeReports(of: stream) }
  }

  /// Works off the reports of one stream.
  func takeReports(of stream: ServedStream) {
    while let report = stream.reports.ring.read() { take(report, of: stream) }
  }

  private func take(_ report: StreamReport, of stream: ServedStream) {
    switch report {
    case .recognized(let event, let captured):
      let latency = (monotonicNanoseconds() - captured) / 1_000_000
      publish(stream.announcer.events(for: event, latencyMs: Int(max(0, latency))))
    case .device(let state, let reason, let rate):
      take(state, reason, rate: Int(rate), of: stream)
    case .lost(let nanoseconds, let cause):
      take(lost: nanoseconds, cause, of: stream)
    }
  }

  func take(
    _ state: DeviceState, _ reason: StateReason, rate: Int = 0, of stream: ServedStream
  ) {
    (stream.deviceState, stream.stateReason) = (state, reason)
    if rate > 0 { stream.rate = rate }
    if state == .lost || state == .absent || state == .paused {
      publish(stream.announcer.finish(atFrame: stream.position))
    }
    describe()
    let message = sentence(state, reason, of: stream)
    publish(
      .device(DeviceChange(state, reason: reason.token, message: message)), of: stream)
    logDevice(state, reason, message, of: stream)
    manager.status(statusLine)
    if state == .running {
      warnOfUnlockedMemory()
      // Opening a device takes a lot of code that is not needed again until the next time.
      ProcessMemory.releaseCode()
    }
  }

  /// What people should know about the state; nil where the word says it all.
  private func sentence(
    _ state: DeviceState, _ reason: StateReason, of stream: ServedStream
  ) -> String? {
    switch state {
    case .absent where reason == .ended: "\(stream.plan.device.text) has come to its end"
    case .absent, .busy, .denied:
      captures.first { $0.streams.contains { $0 === stream } }?.health.sentence(for: reason)
        ?? OpenProblem.sentence(for: reason, of: stream.plan.device.text)
    case .lost where reason == .noClock:
      "capture device \(stream.plan.device.text) gives sound faster than time passes; it is no microphone, "
        + "choose one from `edgectl devices`"
    case .lost:
      "capture device \(stream.plan.device.text) went away; it is used again when it is back"
    case .silent: "every sample of \(stream.plan.device.text) is zero; unmute it or plug it in"
    case .stuck: "every sample of \(stream.plan.device.text) is the same; its converter is broken"
    case .clipping: "\(stream.plan.device.text) is often at full scale; lower its capture gain"
    case .opening, .running, .paused: nil
    }
  }

  private func logDevice(
    _ state: DeviceState, _ reason: StateReason, _ message: String?,
    of stream: ServedStream
  ) {
    switch state {
    case .running: logFault(.notice, .deviceRunning, "\(state)", stream, "its device runs")
    case .opening, .paused: break
    default:
      let level = reason == .ended ? LogLevel.notice : .warning
      logFault(level, .deviceFault, "\(state) \(reason)", stream, message ?? state.rawValue)
    }
  }

  private func take(lost nanoseconds: Int64, _ cause: LossCause, of stream: ServedStream) {
    let reason: String
    switch cause {
    case .overrun: reason = "the capture thread came too late"
    case .suspend: reason = "the machine slept"
    case .hiccup: reason = "the device left it out"
    case .backlog: reason = "recognition was behind"
    case .reload: reason = "the device was opened again for another configuration"
    // That nobody heard, the device's states have said.
    case .absence, .pause: return
    }
    stream.losses.add(nanoseconds: nanoseconds)
    publishLosses(of: stream)
    logFault(
      cause == .reload ? .info : .warning, .soundLost, "\(cause)", stream,
      "\(nanoseconds / 1_000_000) ms of sound are lost: \(reason)")
  }

  /// Publishes what sound the stream has lost, if it is time to or if this is the last that is
  /// heard of it.
  func publishLosses(of stream: ServedStream, isLast: Bool = false) {
    let now = Int(monotonicNanoseconds() / 1_000_000)
    guard let lost = stream.losses.take(nowMs: now, isLast: isLast) else { return }
    publish(.xrun(Xrun(lostMs: lost)), of: stream)
  }

  /// Logs about a stream, the same thing, which `kind` tells from others of the topic, at most once
  /// a minute.
  private func logFault(
    _ level: LogLevel, _ topic: LogTopic, _ kind: String, _ stream: ServedStream, _ message: String
  ) {
    let now = Int(monotonicNanoseconds() / 1_000_000)
    guard let suppressed = faults.admit("\(topic) \(kind) \(stream.plan.name)", nowMs: now)
    else { return }
    let more = suppressed > 0 ? " (and \(suppressed) such lines before it)" : ""
    log.write(level, topic, "stream \(stream.plan.name): \(message)\(more)")
  }

  /// Publishes what an announcer says.
  func publish(_ events: [Event]) {
    for event in events {
      if event.type == .state { describe() }
      server.publish(event)
    }
  }

  private func publish(_ content: Event.Content, of stream: ServedStream) {
    server.publish(Event(stream: stream.plan.name, content))
  }

  /// Brings up to date what `hello` says.
  func describe() {
    server.description.streams = streams.map(\.summary)
  }

  /// The line that `systemctl status` shows.
  var statusLine: String {
    streams.map { "\($0.plan.name): \($0.deviceState.rawValue)" }.joined(separator: ", ")
  }
}
