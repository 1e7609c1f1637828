import Affect
import Capture
import CLinux
import EventStream
import Glibc
import ModelFile
import Service
import Settings

/// The daemon, as the event loop's thread sees it: configuration, model, streams, clients.
///
/// Capture and inference have threads of their own, connected to this one by rings only. What
/// changes them (a reload) stops the inference thread for a moment; the feeds hold the sound
/// meanwhile.
final class Daemon {
  let options: Options
  let manager = ServiceManager()
  let loop: EventLoop
  let inference = InferenceThread()
  let clock = WallClock()
  /// Written with every report of the inference thread.
  let reportsWake = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
  var log: Log
  var faults = FaultLimiter()
  var plan: Plan
  /// The plan at start; its sockets and limits for clients stay in effect.
  let firstPlan: Plan
  var model: LoadedModel
  var labels: LabelMap
  let server: EventServer
  var streams: [ServedStream] = []
  var captures: [CaptureGroup] = []
  /// Names of the streams that are paused until resumed, whether or not they are configured now.
  var paused: Set<String>
  let pauseMemory: PauseMemory
  /// What the last reload refused.
  var reloadRefused: [ReloadRefusal] = []
  /// Whether someone wants to know how loud the streams are.
  var measuresLevels = false
  /// What streams removed in this run have left, by name.
  var pasts: [String: StreamPast] = [:]
  private var watchdog = Watchdog()
  private var hasWarnedOfUnlockedMemory = false

  /// Reads and checks everything that can be wrong, and opens the socket. Nothing is heard yet.
  init(_ options: Options, log: Log) throws {
    self.options = options
    firstPlan = try Plan(options)
    plan = firstPlan
    DescriptorLimit.raise(to: plan.descriptorCount)
    self.log = log
    self.log.level = plan.logLevel
    model = try LoadedModel(path: plan.modelPath)
    labels = try LabelMap(labels: model.model.labels.map(\.label))
    let review = ConfigurationReview()
    plan.checkMemory(with: model, review)
    try review.check(orderedBy: [])
    loop = try EventLoop()
    let inherited = Inheritance(manager.inheritedDescriptors())
    pauseMemory = inherited.pauses
    paused = Set(pauseMemory.streams)
    var settings = plan.server
    settings.maximumClients = plan.servedClients(available: DescriptorLimit.greatest)
    server = try EventServer(
      inherited.eventSocket(orAt: plan.socketPath),
      control: inherited.controlSocket(orAt: options.controlSocket),
      description: ServerDescription(version: Release.version), settings: settings)
  }

  deinit { close(reportsWake) }

  /// Serves until SIGTERM or SIGINT.
  func run() throws {
    try loop.onSignal(SIGTERM) { [unowned self] in stop() }
    try loop.onSignal(SIGINT) { [unowned self] in stop() }
    try loop.onSignal(SIGHUP) { [unowned self] in reload() }
    server.controller = { [unowned self] in obey($0, $1) }
    server.meters = { [unowned self] in measureLevels($0) }
    server.readMeters = { [unowned self] in readLevels() }
    try loop.onReadable(server.pollDescriptor) { [unowned self] in server.process() }
    try loop.onReadable(reportsWake) { [unowned self] in takeReports() }
    try loop.every(milliseconds: Daemon.beatMs) { [unowned self] in beat() }
    if clock.descriptor >= 0 {
      try loop.onReadable(clock.descriptor) { [unowned self] in readClock() }
    }
    try loop.every(milliseconds: Daemon.clockMs) { [unowned self] in readClock() }
    apply(plan, model, labels)
    server.publish(Event(.config(LoadResult(.loaded, path: plan.configurationPath))))
    announceModel()
    try startWatchdog()
    manager.ready(status: statusLine)
    log.write(.info, .started, "edged \(Release.version) serves")
    ProcessMemory.releaseCode()
    try loop.run()
  }

  /// How often announcers are told the time in silence, in milliseconds.
  private static let beatMs = 250

  /// How often the clock is asked whether it is synchronized, in milliseconds.
  private static let clockMs = 5000

  private func readClock() {
    guard let change = clock.change() else { return }
    server.description.isClockSynced = change.isSynced
    server.publish(
      Event(
        .clock(
          ClockChange(
            old: Timestamp(milliseconds: change.oldMs), new: Timestamp(milliseconds: change.newMs),
            isSynced: change.isSynced))))
  }

  private func beat() {
    let interim = server.finestInterimMs
    for stream in streams { stream.recognition?.decideEvery(milliseconds: interim) }
    let positions = streams.map(\.position)
    takeReports()
    for (stream, position) in zip(streams, positions) {
      publish(stream.announcer.advance(toFrame: position))
      sayWhatIsDue(of: stream)
    }
  }

  private func startWatchdog() throws {
    guard let interval = manager.keepAliveIntervalMs else { return }
    try loop.every(milliseconds: interval) { [unowned self] in
      let stalled = watchdog.stalledWorkers()
      if stalled.isEmpty {
        manager.keepAlive()
      } else {
        log.write(
          .error, .performance,
          "no sign of life from \(stalled.joined(separator: ", ")); systemd will restart the daemon"
        )
      }
    }
  }

  /// Tells the watchdog which workers must make progress. Called whenever threads are started or
  /// stopped.
  func watchWorkers() {
    let inference = inference
    var workers = [
      Watchdog.Worker(
        name: "inference", counter: inference.progress, steps: { inference.progress.count },
        isExcused: { inference.isIdle })
    ]
    for capture in captures {
      let progress = capture.health.progress
      workers.append(
        Watchdog.Worker(
          name: "capture of \(capture.key.device.text)", counter: progress,
          steps: { progress.count }, isExcused: { progress.isFinished }))
    }
    watchdog.watch(workers)
  }

  /// Warns once if sound may be swapped out. Called whenever there is new memory for it: with each
  /// stream, and when a device runs.
  func warnOfUnlockedMemory() {
    guard !hasWarnedOfUnlockedMemory,
      streams.contains(where: { $0.recognition?.isLocked == false })
        || captures.contains(where: { !$0.isLocked }) || !inference.isLocked
    else { return }
    hasWarnedOfUnlockedMemory = true
    log.write(
      .notice, .privacy,
      "sound in memory could not be locked and may be swapped out; raise LimitMEMLOCK to 16M")
  }

  /// Publishes everything that was heard, and exits.
  private func stop() {
    manager.stopping()
    CaptureGroup.stop(captures)
    captures = []
    finishInference()
    for stream in streams {
      publish(stream.announcer.finish(atFrame: stream.position))
      sayWhatIsDue(of: stream, isLast: true)
    }
    server.drain(forMs: 300)
    log.write(.info, .stopped, "edged leaves on request")
    loop.stop()
  }

  /// Stops the inference thread once the feeds are empty, ends open segments, and publishes what
  /// came of it.
  private func finishInference() {
    settle(streams)
    inference.stop()
    takeReports()
    streams.forEach { finishRecognition(of: $0) }
  }
}
