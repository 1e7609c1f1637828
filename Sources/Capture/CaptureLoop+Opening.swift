import SoundDevices

extension CaptureLoop {
  /// Opens the device, looking for it as long as it takes; false when the loop shall stop.
  ///
  /// Looks again whenever the system's sound devices change, and after a bounded, doubling wait,
  /// because not every reason to fail ends with such a change: a program that had the card lets it
  /// go silently.
  func openWhenPresent() -> Bool {
    while !surroundings.isStopping {
      do throws(OpenProblem) {
        let format = try device.open()
        try adopt(format)
        health.remember(nil)
        announceRate()
        return true
      } catch {
        device.close()
        reportFailure(error)
      }
      waitForDevices()
    }
    return false
  }

  /// A device that opens, starts and then gives nothing, or is lost again after a moment, is opened
  /// ever more seldom until it has held: each time is two events. Nothing cuts the rest short, as a
  /// loose plug is a new device whenever it has contact.
  func restUnlessProven() {
    backoff.reset()
    guard !isProven else {
      rest.reset()
      return
    }
    health.progress.advance()
    surroundings.pause(milliseconds: rest.take())
  }

  private func waitForDevices() {
    health.progress.advance()
    if surroundings.waitForDevices(milliseconds: backoff.take()) { backoff.reset() }
  }

  private func announceRate() {
    for index in streams.indices { streams[index].writer.announce(rate: format.rate) }
  }

  /// A device that was started and is away stays `lost` until it is back: how it is away is no
  /// news. That it is there and cannot be used is, and so is that it went away after that.
  private func reportFailure(_ problem: OpenProblem) {
    health.remember(problem)
    guard hasStarted, problem.isAbsence else { return report(problem.state, problem.reason) }
    if streams.contains(where: { $0.state != .lost }) { report(.lost, .disconnected) }
  }
}

extension OpenProblem {
  /// Whether there is nothing that could have been opened.
  fileprivate var isAbsence: Bool {
    switch self {
    case .noCard, .notThere: true
    default: false
    }
  }
}
