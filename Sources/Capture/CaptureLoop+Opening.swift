import SoundDevices

extension CaptureLoop {
  /// Opens the device, looking for it as long as it takes; false when the loop is to stop.
  ///
  /// Tries again whenever the system's sound devices change, and after a bounded, doubling wait,
  /// because some causes of failure end without such a change: a program that held the card
  /// releases it silently.
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

  /// Rests, ever longer, after a device that opens and starts but delivers nothing, or is soon lost
  /// again: each attempt is two events. Device changes do not cut the rest short, because a loose
  /// plug is a new device whenever it makes contact.
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

  /// A device that was started and is absent stays `lost` until it is back; how it is absent is not
  /// reported. That it is present but unusable is reported, and so is its absence after that.
  private func reportFailure(_ problem: OpenProblem) {
    health.remember(problem)
    guard hasStarted, problem.isAbsence else { return report(problem.state, problem.reason) }
    if streams.contains(where: { $0.state != .lost }) { report(.lost, .disconnected) }
  }
}

extension OpenProblem {
  /// Whether there was no device to open.
  fileprivate var isAbsence: Bool {
    switch self {
    case .noCard, .notThere: true
    default: false
    }
  }
}
