import Glibc
import SoundDevices

/// The recovery decisions: each fault that ALSA can report, and the one thing that is done about
/// it.
extension CaptureLoop {
  /// What an errno from ALSA means.
  enum Fault {
    /// A signal or a wake without data: ask again.
    case nothing
    /// The card's buffer overflowed.
    case overrun
    /// The machine slept.
    case suspended
    /// The source has no more samples.
    case ended
    /// The stream cannot go on and must be opened again.
    case gone(StateReason)

    /// Whether it is enough to ask again.
    var isNothing: Bool { if case .nothing = self { true } else { false } }

    init(code: Int32) {
      switch -code {
      case EINTR, EAGAIN: self = .nothing
      case EPIPE: self = .overrun
      case ESTRPIPE: self = .suspended
      case ENODATA: self = .ended
      case ENODEV: self = .gone(.disconnected)
      case EMEDIUMTYPE: self = .gone(.badFile)
      default: self = .gone(.readError)
      }
    }
  }

  /// Acts on a negative result of a wait or a read; nil when reading goes on.
  func recover(from code: Int32) -> Outcome? {
    switch Fault(code: code) {
    case .nothing: restAfterEmptyWake()
    case .overrun: restartAfterOverrun()
    case .suspended: resumeAfterSleep()
    case .ended: .ended
    case .gone(let reason): .lost(reason)
    }
  }

  /// `poll` often reports only that something is wrong (`-EIO`), the same for an overrun as for a
  /// card that is gone. A read tells which.
  func examineFailedWait(_ code: Int32) -> Outcome? {
    guard case .gone(.readError) = Fault(code: code) else { return recover(from: code) }
    let count = readUnannounced()
    guard count <= 0 else {
      // It delivers nevertheless, and `poll` may keep failing: rest between reads.
      surroundings.pause(milliseconds: Self.restMilliseconds)
      return nil
    }
    guard count < 0, case let fault = Fault(code: Int32(count)), !fault.isNothing else {
      return .lost(.readError)
    }
    return recover(from: Int32(count))
  }

  /// Starts a freshly opened device; its first samples are reported as `running`. The time since
  /// the last sample of the previous device is lost, and so is the time since another thread
  /// captured for the same stream.
  func startDevice() -> Outcome? {
    let code = device.start()
    guard code >= 0 else { return .lost(reason(for: code)) }
    if hasStarted { countLoss(.absence) } else { countAbsences() }
    startedAt = surroundings.now()
    lastDelivery = startedAt
    lead = DeliveryLead(buffer: format.nanoseconds(frames: format.buffer), at: startedAt)
    fruitlessRestarts = 0
    emptyWakes = 0
    health.progress.advance()
    hasStarted = true
    return nil
  }

  /// An overrun leaves the stream stopped: it is prepared **and** started, since a capture stream
  /// that is only prepared waits for ever.
  func restartAfterOverrun() -> Outcome? {
    restart(countedAs: .overrun)
  }

  /// How long a card may take to wake up.
  static let wakingNanoseconds: Int64 = 5_000_000_000

  /// After sleep the card is resumed where its driver can; elsewhere (`-ENOSYS`) it is
  /// restarted. So is one that is still suspended after a resume that seemed to succeed: libasound
  /// drops the result of a plugin's resume.
  func resumeAfterSleep() -> Outcome? {
    guard mayRecover() else { return .lost(.readError) }
    let deadline = surroundings.now() + Self.wakingNanoseconds
    while !surroundings.isStopping {
      let code = device.resume()
      if code == -EAGAIN {
        guard surroundings.now() < deadline else { return .lost(.stalled) }
        surroundings.pause(milliseconds: 100)
        health.progress.advance()
        continue
      }
      guard code >= 0, device.state() != .suspended else { return restart(countedAs: .suspend) }
      countLoss(.suspend)
      return nil
    }
    return nil
  }

  /// How many wakes in a row may bring nothing before the loop rests between them.
  static let emptyWakeLimit = 3
  /// How long it rests, in milliseconds: half a period.
  static let restMilliseconds: Int32 = 10

  /// A wake with nothing to read. One is harmless; many in a row are a signal storm, or a driver
  /// whose `poll` always reports data. They must neither burn the CPU nor go unnoticed.
  func restAfterEmptyWake() -> Outcome? {
    emptyWakes += 1
    guard emptyWakes > Self.emptyWakeLimit else { return nil }
    surroundings.pause(milliseconds: Self.restMilliseconds)
    return examineQuietDevice()
  }

  /// Nothing to read: usually just early, sometimes a stream that stopped without an error from
  /// poll.
  func examineQuietDevice() -> Outcome? {
    switch device.state() {
    case .running: readWithoutWake()
    case .prepared: restart(countedAs: .overrun)
    case .overrun: restartAfterOverrun()
    case .suspended: resumeAfterSleep()
    case .disconnected: .lost(.disconnected)
    case .other: .lost(.readError)
    }
  }

  /// A card may have samples that `poll` does not report, because an interrupt was lost. All of
  /// them are read, because the next wait may take as long.
  private func readWithoutWake() -> Outcome? {
    guard device.isLive else { return reopenIfStalled() }
    for _ in 0..<max(1, format.buffer / format.period) {
      guard device.pending() >= format.period else { break }
      let count = readUnannounced()
      if count > 0 { continue }
      if count < 0, case let fault = Fault(code: Int32(count)), !fault.isNothing {
        return recover(from: Int32(count))
      }
      break
    }
    return reopenIfStalled()
  }

  /// A running card that delivers nothing for two seconds has hung: some USB bridges do that after
  /// a brown-out. A file may be as slow as it likes.
  private func reopenIfStalled() -> Outcome? {
    guard device.isLive else {
      health.progress.advance()
      return nil
    }
    let quiet = surroundings.now() - lastDelivery
    return quiet >= Self.stallNanoseconds ? .lost(.stalled) : nil
  }

  /// A source without a clock is closed and retried ever more rarely: read continuously, it would
  /// take a whole CPU core. What it delivered early is deducted from the loss at its next start.
  func loseWithoutClock() -> Outcome {
    for index in streams.indices { streams[index].writer.runsAhead(by: lead.lead) }
    isProven = false
    return .lost(.noClock)
  }

  /// After this many restarts without samples the device is opened again.
  static let fruitlessRestartLimit = 8

  /// Whether the device may be restarted or resumed once more before it is opened again.
  private func mayRecover() -> Bool {
    fruitlessRestarts += 1
    return fruitlessRestarts <= Self.fruitlessRestartLimit
  }

  private func restart(countedAs cause: LossCause) -> Outcome? {
    guard mayRecover() else { return .lost(.readError) }
    let prepared = device.prepare()
    let code = prepared < 0 ? prepared : device.start()
    guard code < 0 else {
      countLoss(cause)
      return nil
    }
    return recoverFromFailedRestart(code, cause)
  }

  /// The recovery itself may be hit by what it recovers from: another overrun, sleep, a signal.
  private func recoverFromFailedRestart(_ code: Int32, _ cause: LossCause) -> Outcome? {
    switch Fault(code: code) {
    case .nothing:
      surroundings.pause(milliseconds: Self.restMilliseconds)
      return restart(countedAs: cause)
    case .overrun: return restart(countedAs: cause)
    case .suspended: return resumeAfterSleep()
    case .ended, .gone: return .lost(reason(for: code))
    }
  }

  private func reason(for code: Int32) -> StateReason {
    code == -ENODEV ? .disconnected : .readError
  }

  /// Counts as lost the time from the last delivered sample until now, when the stream starts
  /// again. The stall timer starts from now.
  private func countLoss(_ cause: LossCause) {
    let now = surroundings.now()
    captured = now
    lastDelivery = now
    for index in streams.indices {
      streams[index].writer.start(at: now, isLive: device.isLive, cause: cause)
    }
  }

  /// Counts as lost, for each stream, the time since another thread or device last captured for it.
  private func countAbsences() {
    let now = surroundings.now()
    captured = now
    for index in streams.indices {
      streams[index].writer.start(
        at: now, isLive: device.isLive, cause: streams[index].causeOfAbsence)
    }
  }
}
