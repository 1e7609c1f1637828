import Capture
import EventStream
import Service

/// The commands that clients of the control socket give.
extension Daemon {
  /// Carries out `command` for the streams of these names.
  func obey(_ command: ControlCommand, _ names: [String]) {
    let chosen = streams.filter { names.contains($0.plan.name) }
    switch command {
    case .pause: pause(chosen.filter { !isPaused($0) })
    case .resume: resume(chosen.filter(isPaused))
    case .call(let phase): markCall(phase, chosen)
    }
  }

  /// The streams that are not paused, each with its plan.
  var heardStreams: [(stream: ServedStream, plan: Plan.Stream)] {
    streams.filter { !isPaused($0) }.map { ($0, $0.plan) }
  }

  private func isPaused(_ stream: ServedStream) -> Bool { paused.contains(stream.plan.name) }

  /// Reports new streams that are paused as paused.
  func announcePauses() {
    for stream in streams where isPaused(stream) && stream.deviceState != .paused {
      take(.paused, .requested, of: stream)
    }
  }

  /// Closes the devices of `chosen`, ends what is being said, and forgets its sound. A device that
  /// other streams share is opened again for them.
  private func pause(_ chosen: [ServedStream]) {
    guard !chosen.isEmpty else { return }
    paused.formUnion(chosen.map(\.plan.name))
    // Before anything that can hang: if the watchdog ends this process, the next one must know.
    rememberPauses()
    stopCaptures(unneededBy: heardStreams)
    settle(chosen)
    inference.stop()
    takeReports()
    for stream in chosen {
      stream.recognition?.forgetSound()
      takeReports(of: stream)
      take(.paused, .requested, of: stream)
    }
    goOn()
    log.write(.notice, .control, "paused: \(Self.list(chosen))")
  }

  /// Listens to `chosen` again.
  private func resume(_ chosen: [ServedStream]) {
    guard !chosen.isEmpty else { return }
    paused.subtract(chosen.map(\.plan.name))
    stopCaptures(unneededBy: heardStreams)
    takeReports()
    goOn()
    rememberPauses()
    log.write(.notice, .control, "listening again: \(Self.list(chosen))")
  }

  /// The talkers of `chosen` change: what was known of those before is forgotten, and states and
  /// alerts about them end.
  private func markCall(_ phase: CallBoundary.Phase, _ chosen: [ServedStream]) {
    settle(chosen)
    inference.stop()
    takeReports()
    for stream in chosen {
      stream.recognition?.finishTalk()
      takeReports(of: stream)
      publish(stream.announcer.finish(atFrame: stream.position))
      let boundary = CallBoundary(phase, atMs: stream.milliseconds)
      server.publish(Event(stream: stream.plan.name, .call(boundary)))
    }
    inference.start(streams.compactMap(\.recognition))
  }

  /// Restarts capture and inference for the streams that are to be heard.
  private func goOn() {
    startCaptures()
    inference.start(streams.compactMap(\.recognition))
    watchWorkers()
  }

  /// Tells the next process which streams are paused.
  private func rememberPauses() {
    do throws(PauseMemory.Problem) {
      try pauseMemory.keep(paused.sorted())
    } catch {
      log.write(
        .error, .control,
        "what is paused now is not kept for the next process: \(error)")
    }
  }

  private static func list(_ streams: [ServedStream]) -> String {
    streams.map(\.plan.name).joined(separator: ", ")
  }

  /// Switches the streams' meters on or off.
  func measureLevels(_ isWanted: Bool) {
    measuresLevels = isWanted
    for stream in streams { stream.feed.meter.measure(isWanted) }
  }

  /// How loud every stream is.
  func readLevels() -> [MeterReading] {
    streams.map { stream in
      let reading = stream.feed.meter.take()
      return MeterReading(
        stream: stream.plan.name, levelCentibels: reading?.levelCentibels,
        peakCentibels: reading?.peakCentibels)
    }
  }
}
