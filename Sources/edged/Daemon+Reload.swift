import Affect
import Announcement
import Capture
import EventStream
import Glibc
import ModelFile
import Service

/// Taking a configuration and a model into service: at the start, and again on SIGHUP.
extension Daemon {
  /// Reads configuration and model again. What is bad is refused and the old one serves on; no
  /// client is lost.
  func reload() {
    manager.reloading()
    reloadRefused = []
    let newPlan = readPlan()
    let newModel = readModel(newPlan?.modelPath ?? plan.modelPath)
    if newPlan != nil || newModel != nil {
      apply(newPlan ?? plan, newModel?.model ?? model, newModel?.labels ?? labels)
    }
    if let newPlan {
      server.publish(Event(.config(LoadResult(.loaded, path: newPlan.configurationPath))))
    }
    if newModel != nil { announceModel() }
    logReload()
    server.description.reloadRefused = reloadRefused
    manager.ready(status: statusLine)
  }

  /// Says last what became of it all, so that nobody takes the end of a refusal for a success.
  private func logReload() {
    let refused = Set(reloadRefused.map(\.type))
    switch (refused.contains(.config), refused.contains(.model)) {
    case (false, false): log.write(.info, .reloaded, "the configuration was read again")
    case (true, false):
      log.write(.warning, .reloaded, "the configuration was refused; the one before serves on")
    case (false, true):
      log.write(
        .warning, .reloaded,
        "the configuration was read again, but the model was refused; the one before serves on")
    case (true, true):
      log.write(
        .warning, .reloaded, "configuration and model were refused; those before serve on")
    }
  }

  /// Remembers and says what was not taken into service.
  private func refuse(_ refusal: ReloadRefusal, topic: LogTopic) {
    reloadRefused.append(refusal)
    log.write(.error, topic, refusal.message)
    let result = LoadResult(
      .rejected, path: refusal.path, reason: refusal.reason, message: refusal.message)
    server.publish(Event(refusal.type == .model ? .model(result) : .config(result)))
  }

  /// Says which model serves from here on, and whether this processor's fast kernels were wrong
  /// about it.
  func announceModel() {
    server.publish(
      Event(.model(LoadResult(.loaded, path: model.path, id: model.model.identifier))))
    log.write(
      .info, .modelLoaded, "model \(model.model.identifier.prefix(12)) of \(model.path) serves")
    guard model.hasFallenBack else { return }
    log.write(
      .warning, .performance,
      "the fast kernels failed the known answer of \(model.path): portable ones serve, several times slower;"
        + " report this processor")
  }

  private func readPlan() -> Plan? {
    do throws(ConfigurationProblem) {
      let new = try Plan(options)
      if new.server != firstPlan.server || new.socketPath != firstPlan.socketPath {
        log.write(
          .notice, .reloaded, "`socket` and [events] take effect when the daemon starts again")
      }
      return new
    } catch {
      refuse(
        ReloadRefusal(
          .config, path: error.file, reason: error.token, message: error.description),
        topic: .configurationRejected)
      return nil
    }
  }

  /// The model at `path`, if it is good and another one than serves now.
  private func readModel(_ path: String) -> (model: LoadedModel, labels: LabelMap)? {
    do {
      let new = try LoadedModel(path: path)
      guard new.model.identifier != model.model.identifier else { return nil }
      return (new, try LabelMap(labels: new.model.labels.map(\.label)))
    } catch {
      refuse(
        ReloadRefusal(.model, path: path, reason: "not_usable", message: "\(error)"),
        topic: .modelRejected)
      return nil
    }
  }

  /// Has the daemon run as `newPlan` says, with `newModel`. Streams whose device stays the same
  /// hear on without a gap; one whose device is another goes on under its name, and what passed in
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
      publishLosses(of: stream, isLast: true)
      pasts[stream.plan.name] = stream.legacy
    }
    (plan, model, labels, streams) = (newPlan, newModel, newLabels, new)
    log.level = newPlan.logLevel
    for (stream, streamPlan) in zip(streams, newPlan.streams) {
      prepare(stream, streamPlan, keepsAnnouncer: meansTheSame)
    }
    announcePauses()
    measureLevels(measuresLevels)
    startCaptures()
    inference.start(streams.compactMap(\.recognition))
    watchWorkers()
    server.description = description
    announcePrivacy()
    for doubt in plan.doubts(with: model, labels) {
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

  /// Gives a stream its recognizer, and an announcer where the meaning of scores has changed. What
  /// the old recognizer still has to say goes through the old announcer.
  private func prepare(_ stream: ServedStream, _ newPlan: Plan.Stream, keepsAnnouncer: Bool) {
    let infers = newPlan.role.infersEmotion(exception: plan.agentException)
    let keepsRecognition =
      stream.recognition?.model === model && stream.recognition?.infersEmotion == infers
    if !keepsRecognition { finishRecognition(of: stream) }
    if !keepsAnnouncer || stream.plan.role != newPlan.role {
      publish(stream.announcer.finish(atFrame: stream.position))
      stream.announcer = announcer(newPlan, plan, model, labels)
    }
    stream.plan = newPlan
    guard !keepsRecognition else { return }
    stream.recognition = StreamRecognition(
      feed: stream.feed, reports: stream.reports, model: model, infersEmotion: infers,
      past: stream.legacy, rate: stream.recognition?.rate ?? 0)
  }

  /// Ends an open segment of the stream and publishes it. The inference thread must stand still.
  func finishRecognition(of stream: ServedStream) {
    stream.recognition?.finish()
    takeReports(of: stream)
  }

  /// Waits a moment until what was captured for `streams` has been worked off.
  func settle(_ streams: [ServedStream]) {
    let deadline = monotonicNanoseconds() + 300_000_000
    while streams.contains(where: { !$0.feed.isEmpty }), monotonicNanoseconds() < deadline {
      takeReports()
      usleep(2000)
    }
  }

  /// Stops to capture from devices that no stream needs as they are, each stream with what is
  /// planned for it.
  func stopCaptures(unneededBy streams: [(stream: ServedStream, plan: Plan.Stream)]) {
    let needed = CaptureGroup.keys(for: streams).map(\.key)
    for capture in captures where !needed.contains(capture.key) { capture.stop() }
    captures.removeAll { !needed.contains($0.key) }
  }

  /// Captures from all devices that streams need and that are not captured from yet.
  func startCaptures() {
    for (key, streams) in CaptureGroup.keys(for: heardStreams)
    where !captures.contains(where: { $0.key == key }) {
      captures.append(CaptureGroup(key, streams))
    }
  }

  /// Says at every start which streams are not judged, or for which reason they are although an
  /// employee speaks.
  private func announcePrivacy() {
    for stream in streams where stream.plan.role == .agent {
      let name = stream.plan.name
      if let exception = plan.agentException {
        log.write(
          .notice, .privacy,
          "stream \(name): emotions of an employee are inferred for \(exception.rawValue) reasons, "
            + "as the configuration says")
      } else {
        log.write(.info, .privacy, "stream \(name): no emotions are inferred, an employee speaks")
      }
    }
  }
}
