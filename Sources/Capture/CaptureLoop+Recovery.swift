import Glibc

/// The recovery decisions: each fault that ALSA can report, and the one thing that is done about it.
extension CaptureLoop {
  /// What an errno from ALSA means.
  enum Fault {
    /// A signal or a wake without data: ask again.
    case nothing
    /// The card's buffer ran over.
    case overrun
    /// The machine slept.
    case suspended
    /// The source has no more samples.
    case ended
    /// The stream cannot go on and must be opened again.
    case gone(StateReason)

    init(code: Int32) {
      switch -code {
      case EINTR, EAGAIN: self = .nothing
      case EPIPE: self = .overrun
      case ESTRPIPE: self = .suspended
      case ENODATA: self = .ended
      case ENODEV: self = .gone(.disconnected)
      default: self = .gone(.readError)
      }
    }
  }

  /// Acts on a negative result of a wait or a read; nil when reading goes on.
  func recover(from code: Int32) -> Outcome? {
    switch Fault(code: code) {
    case .nothing: nil
    case .overrun: restartAfterOverrun()
    case .suspended: resumeAfterSleep()
    case .ended: .ended
    case .gone(let reason): .lost(reason)
    }
  }

  /// Starts a freshly opened device; what passed since the last sample of the device before it is lost, and so is what passed
  /// since another thread captured for the same stream.
  func startDevice() -> Outcome? {
    let code = device.start()
    guard code >= 0 else { return .lost(reason(for: code)) }
    if wasRunning { countLoss(.absence) } else { countGaps() }
    lastDelivery = surroundings.now()
    fruitlessRestarts = 0
    health.progress.advance()
    wasRunning = true
    report(.running, .none)
    return nil
  }

  /// An overrun leaves the stream stopped: it is prepared **and** started, since a capture stream that is only
  /// prepared waits for ever.
  func restartAfterOverrun() -> Outcome? {
    restart(countedAs: .overrun)
  }

  /// After sleep the card goes on by itself where the driver can; elsewhere (`-ENOSYS`) it is started anew.
  func resumeAfterSleep() -> Outcome? {
    while !surroundings.isStopping {
      let code = device.resume()
      if code == -EAGAIN {
        surroundings.pause(milliseconds: 100)
        health.progress.advance()
        continue
      }
      guard code >= 0 else { return restart(countedAs: .suspend) }
      countLoss(.suspend)
      lastDelivery = surroundings.now()
      return nil
    }
    return nil
  }

  /// Nothing to read: usually just early, sometimes a stream that stopped without an error from poll.
  func examineQuietDevice() -> Outcome? {
    switch device.state() {
    case .running: reopenIfStalled()
    case .prepared: restart(countedAs: .overrun)
    case .overrun: restartAfterOverrun()
    case .suspended: resumeAfterSleep()
    case .disconnected: .lost(.disconnected)
    case .other: .lost(.readError)
    }
  }

  /// A running card that gives nothing for two seconds will not give anything: some USB bridges do that after a
  /// brown-out. A file may be as slow as it likes.
  private func reopenIfStalled() -> Outcome? {
    guard device.isLive else {
      health.progress.advance()
      return nil
    }
    let quiet = surroundings.now() - lastDelivery
    return quiet >= Self.stallNanoseconds ? .lost(.stalled) : nil
  }

  /// Restarts that bring no samples show a device that must be opened again.
  static let fruitlessRestartLimit = 8

  private func restart(countedAs cause: LossCause) -> Outcome? {
    fruitlessRestarts += 1
    guard fruitlessRestarts <= Self.fruitlessRestartLimit else { return .lost(.readError) }
    let prepared = device.prepare()
    guard prepared >= 0 else { return .lost(reason(for: prepared)) }
    let started = device.start()
    guard started >= 0 else { return .lost(reason(for: started)) }
    countLoss(cause)
    return nil
  }

  private func reason(for code: Int32) -> StateReason {
    code == -ENODEV ? .disconnected : .readError
  }

  /// Counts what passed between the last sample that was delivered and now, when the stream starts again.
  private func countLoss(_ cause: LossCause) {
    let now = surroundings.now()
    for index in streams.indices {
      streams[index].writer.start(at: now, isLive: device.isLive, cause: cause)
    }
  }

  /// Counts for each stream what passed since it was last captured for, by another thread or from another device.
  private func countGaps() {
    let now = surroundings.now()
    for index in streams.indices {
      streams[index].writer.start(at: now, isLive: device.isLive, cause: streams[index].gap)
    }
  }
}
