import Affect
import EventStream
import ModelFile
import Service
import Settings

/// Reading configuration and model again, on SIGHUP: what is good is taken into service.
extension Daemon {
  /// Reads configuration and model again. What is bad is refused and the old one stays in service;
  /// no client is lost.
  func reload() {
    manager.reloading()
    reloadRefused = []
    var newPlan = readPlan()
    var newModel = readModel(newPlan?.modelPath ?? plan.modelPath)
    if let problems = memoryProblems(newPlan ?? plan, newModel?.model ?? model) {
      if let new = newModel?.model, memoryProblems(newPlan ?? plan, model) == nil {
        refuse(model: new.path, problems.first.message)
      } else {
        refuse(problems)
        newPlan = nil
      }
      newModel = nil
    }
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
    // Reading and checking files uses much code that is not needed until the next reload.
    ProcessMemory.releaseCode()
  }

  /// Logs the outcome last, so that nobody takes the end of a refusal for a success.
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

  /// Records and reports what was refused.
  private func refuse(_ refusal: ReloadRefusal, topic: LogTopic) {
    reloadRefused.append(refusal)
    log.write(.error, topic, refusal.message)
    let result = LoadResult(
      .rejected, path: refusal.path, reason: refusal.reason, message: refusal.message)
    server.publish(Event(refusal.type == .model ? .model(result) : .config(result)))
  }

  /// Announces which model serves from here on, and whether this processor's fast kernels failed
  /// its known answer.
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
    do throws(ConfigurationProblems) {
      // Checks as `--check-config` does, whose status is that of `systemctl reload`.
      let review = ConfigurationReview()
      let new = Plan(options, review)
      new.checkSurroundings(review)
      try review.check(orderedBy: ConfigurationFiles(path: options.configuration).all)
      if new.server != firstPlan.server || new.socketPath != firstPlan.socketPath {
        log.write(
          .notice, .reloaded, "`socket` and [events] take effect when the daemon starts again")
      }
      return new
    } catch {
      refuse(error)
      return nil
    }
  }

  /// Why there is not enough memory for `newPlan` with `newModel`, if there is not; once beyond a
  /// limit there would be no way back.
  private func memoryProblems(
    _ newPlan: Plan, _ newModel: LoadedModel
  ) -> ConfigurationProblems? {
    do throws(ConfigurationProblems) {
      let review = ConfigurationReview()
      newPlan.checkMemory(
        with: newModel, held: Plan.memory(of: streams.count, model), review)
      try review.check(orderedBy: [])
      return nil
    } catch {
      return error
    }
  }

  private func refuse(_ problems: ConfigurationProblems) {
    refuse(
      ReloadRefusal(
        .config, path: problems.first.file, reason: problems.first.token,
        message: problems.description),
      topic: .configurationRejected)
  }

  /// The model at `path`, if it is good and differs from the one in service.
  private func readModel(_ path: String) -> (model: LoadedModel, labels: LabelMap)? {
    do {
      let new = try LoadedModel(path: path)
      guard new.model.identifier != model.model.identifier else { return nil }
      return (new, try LabelMap(labels: new.model.labels.map(\.label)))
    } catch {
      refuse(model: path, "\(error)")
      return nil
    }
  }

  private func refuse(model path: String, _ message: String) {
    refuse(
      ReloadRefusal(.model, path: path, reason: "not_usable", message: message),
      topic: .modelRejected)
  }
}
