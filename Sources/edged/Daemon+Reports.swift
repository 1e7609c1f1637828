import Capture
import EventStream
import Glibc
import Service
import SoundDevices

/// Turns what the threads report into what is published.
extension Daemon {
  /// Processes all reports.
  func takeReports() {
    var count: UInt64 = 0
    _ = read(reportsWake, &count, 8)
    for stream in streams { takeReports(of: stream) }
  }

  /// Processes the reports of one stream.
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
      say(
        stream.reporter.lose(
          nanoseconds: nanoseconds, cause, at: server.moment, limiter: &faults),
        of: stream)
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
    let health = captures.first { $0.streams.contains { $0 === stream } }?.health
    say(
      stream.reporter.change(
        to: state, reason, device: stream.plan.device, problem: health?.lastProblem,
        at: server.moment, limiter: &faults),
      of: stream)
    manager.status(statusLine)
    if state == .running {
      warnOfUnlockedMemory()
      // Opening a device uses much code that is not needed until the next time.
      ProcessMemory.releaseCode()
    }
  }

  /// Reports what is due about the stream's device: lost sound, all of it if this is the stream's
  /// last report, and a state held back from the log.
  func sayWhatIsDue(of stream: ServedStream, isLast: Bool = false) {
    say(stream.reporter.takeDue(at: server.moment, isLast: isLast, limiter: &faults), of: stream)
  }

  private func say(_ report: DeviceReport, of stream: ServedStream) {
    server.publish(report, ofStream: stream.plan.name)
    if let line = report.line { log.write(line.level, line.topic, line.text) }
  }

  /// Publishes an announcer's events.
  func publish(_ events: [Event]) {
    for event in events {
      if event.type == .state { describe() }
      server.publish(event)
    }
  }

  /// Updates what `hello` says about the streams.
  func describe() {
    server.description.streams = streams.map(\.summary)
  }

  /// The line that `systemctl status` shows.
  var statusLine: String {
    streams.map { "\($0.plan.name): \($0.deviceState.rawValue)" }.joined(separator: ", ")
  }
}
