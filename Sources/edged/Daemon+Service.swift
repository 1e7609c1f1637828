import Affect
import Announcement
import Glibc
import ModelFile
import Service

/// Taking a plan and a model into service: at the start, and after every reload.
extension Daemon {
  /// Runs the daemon as `newPlan` says, with `newModel`. Streams whose device stays the same
  /// continue without a gap; one whose device changes continues under its name, and the time in
  /// between is lost.
  func apply(_ newPlan: Plan, _ newModel: LoadedModel, _ newLabels: LabelMap) {
    let meansTheSame =
      newPlan.affect == plan.affect && newPlan.rules == plan.rules && newLabels == labels
      && newPlan.agentException == plan.agentException && newModel === model
    let old = streams
    let new = newPlan.streams.map { stream in
      old.first { $0.plan.name == stream.name } ?? served(stream, newPlan, newModel, newLabels)
    }
    let removed = old.filter { stream in !new.contains { $0 === stream } }
    stopCaptures(
      unneededBy: zip(new, newPlan.streams).filter { !paused.contains($1.name) }.map { ($0, $1) })
    settle(removed)
    inference.stop()
    takeReports()
    for stream in removed {
      finishRecognition(of: stream)
      publish(stream.announcer.finish(atFrame: stream.position))
      sayWhatIsDue(of: stream, isLast: true)
      pasts[stream.plan.name] = stream.past
    }
    (plan, model, labels, streams) = (newPlan, newModel, newLabels, new)
    log.level = newPlan.logLevel
    for (stream, streamPlan) in zip(streams, newPlan.streams) {
      prepare(stream, streamPlan, keepsAnnouncer: meansTheSame)
    }
    server.forgetInferences(
      of: streams.filter { !$0.announcer.infersEmotion }.map(\.plan.name))
    announcePauses()
    measureLevels(measuresLevels)
    startCaptures()
    inference.start(streams.compactMap(\.recognition))
    watchWorkers()
    server.description = description
    announcePrivacy()
    warnOfUnlockedMemory()
    for doubt in plan.doubts + plan.doubts(with: model, labels) {
      log.write(.warning, .configurationDoubted, doubt)
    }
  }

  private func served(
    _ stream: Plan.Stream, _ plan: Plan, _ model: LoadedModel, _ labels: LabelMap
  ) -> ServedStream {
    ServedStream(
      stream, announcer: announcer(stream, plan, model, labels), past: pasts[stream.name],
      inference: inference.wake, loop: reportsWake)
  }

  private func announcer(
    _ stream: Plan.Stream, _ plan: Plan, _ model: LoadedModel, _ labels: LabelMap
  ) -> SpeechAnnouncer {
    SpeechAnnouncer(
      stream: stream.name, classCount: labels.emotions.count,
      frontEnd: model.model.frontEnd.definition,
      interpreter: Interpreter(
        role: stream.role, exception: plan.agentException, labels: labels,
        settings: plan.affect, rules: plan.rules))
  }

  /// Gives a stream its recognizer, and an announcer where the meaning of scores has changed. The
  /// old recognizer's last results go through the old announcer, which infers nothing from them
  /// where that is no longer allowed.
  private func prepare(_ stream: ServedStream, _ newPlan: Plan.Stream, keepsAnnouncer: Bool) {
    let infers = newPlan.role.infersEmotion(exception: plan.agentException)
    let keepsRecognition =
      stream.recognition?.model === model && stream.recognition?.infersEmotion == infers
    if !infers { publish(stream.announcer.stopInferring(atFrame: stream.position)) }
    if !keepsRecognition { finishRecognition(of: stream) }
    if !keepsAnnouncer || stream.plan.role != newPlan.role {
      publish(stream.announcer.finish(atFrame: stream.position))
      stream.announcer = announcer(newPlan, plan, model, labels)
    }
    if stream.plan.device != newPlan.device { stream.forgetFailure() }
    stream.plan = newPlan
    guard !keepsRecognition else { return }
    stream.recognition = StreamRecognition(
      feed: stream.feed, reports: stream.reports, model: model, infersEmotion: infers,
      past: stream.past, rate: stream.recognition?.rate ?? 0)
  }

  /// Ends an open segment of the stream and publishes it. The inference thread must be stopped.
  func finishRecognition(of stream: ServedStream) {
    stream.recognition?.finish()
    takeReports(of: stream)
  }

  /// Waits 300 ms at most until what was captured for `streams` has been processed.
  func settle(_ streams: [ServedStream]) {
    let deadline = monotonicNanoseconds() + 300_000_000
    while streams.contains(where: { !$0.feed.isEmpty }), monotonicNanoseconds() < deadline {
      takeReports()
      usleep(2000)
    }
  }

  /// Logs, whenever a plan is taken into service, which employees' streams are not judged, or for
  /// which reason they are.
  private func announcePrivacy() {
    // The exception is logged whatever `log_level` is, so that nobody uses it unnoticed.
    var whole = log
    whole.level = .notice
    for stream in streams where stream.plan.role == .agent {
      let name = stream.plan.name
      if let exception = plan.agentException {
        whole.write(
          .notice, .privacy,
          "stream \(name): emotions of an employee are inferred for \(exception.rawValue) reasons, "
            + "as the configuration says")
      } else {
        log.write(.info, .privacy, "stream \(name): no emotions are inferred, an employee speaks")
      }
    }
  }
}
