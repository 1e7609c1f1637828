import Affect
import CLinux
import EventStream
import Glibc
import ModelFile
import Service
import Settings
import Threads

/// Exit statuses, after sysexits.h.
enum ExitStatus {
  static let success: Int32 = 0
  static let failure: Int32 = 1
  static let usage: Int32 = 64
  /// The system is out of memory or threads.
  static let exhausted: Int32 = 71
  /// Configuration or model.
  static let configuration: Int32 = 78
}

/// Does what the command line asks for; returns the exit status.
func start(_ arguments: [String]) -> Int32 {
  // A log that has reached the limit of `ulimit -f` loses lines, as on a full disk.
  signal(SIGXFSZ, SIG_IGN)
  do throws(Options.Problem) {
    let options = try Options(arguments)
    StandardDescriptors.occupy()
    switch options.action {
    case .showHelp: return say(Options.help)
    case .showVersion: return say("edged \(Release.version)\n")
    case .checkConfiguration: return checkConfiguration(options)
    case .run: return serve(options)
    }
  } catch {
    return refuse(error)
  }
}

private func say(_ text: String) -> Int32 {
  var rest = Array(text.utf8)[...]
  // Where not all of it fits, only the next attempt says why.
  while !rest.isEmpty {
    let written = rest.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
    if written < 0, errno == EINTR { continue }
    guard written >= 0 else { return refuse(OutputProblem(code: errno)) }
    rest = rest.dropFirst(written)
  }
  return ExitStatus.success
}

/// What was asked for could not be written.
private struct OutputProblem: Error, CustomStringConvertible {
  let code: Int32

  var description: String {
    "cannot write to standard output: \(String(cString: strerror(code))); make room, or write elsewhere"
  }
}

/// Says why the daemon does not start; returns the exit status.
private func refuse(_ problem: some Error) -> Int32 {
  let (topic, status): (LogTopic, Int32) =
    switch problem {
    case is Options.Problem: (.badCommandLine, ExitStatus.usage)
    case is ConfigurationProblems: (.configurationRejected, ExitStatus.configuration)
    case is ModelLoadProblem, is LabelMap.Problem: (.modelRejected, ExitStatus.configuration)
    case is SocketProblem: (.socketFault, ExitStatus.failure)
    default: (.startFailed, ExitStatus.failure)
    }
  let problems: [any Error] = (problem as? ConfigurationProblems)?.all ?? [problem]
  for problem in problems { Log().write(.error, topic, "\(problem)") }
  return status
}

/// Reports all that is wrong with configuration and model or, where nothing is, what is hardly
/// intended.
private func checkConfiguration(_ options: Options) -> Int32 {
  let review = ConfigurationReview()
  let plan = Plan(options, review)
  plan.checkSurroundings(review)
  var model: LoadedModel?
  var doubts = plan.doubts + plan.doubtfulPCMs()
  var refusal = ExitStatus.success
  do {
    // Where a file cannot be read, it is not known which model is meant.
    if !review.lacksFile {
      let loaded = try LoadedModel(path: plan.modelPath)
      let labels = try LabelMap(labels: loaded.model.labels.map(\.label))
      doubts += plan.doubts(with: loaded, labels)
      plan.checkMemory(with: loaded, review)
      model = loaded
    }
  } catch {
    if let place = plan.modelPlace {
      let isRelative = !plan.modelPath.hasPrefix("/")
      review.report(
        place,
        "\(error)" + (isRelative ? " It is looked for in the folder that edged is started in." : "")
      )
    } else {
      refusal = refuse(error)
    }
  }
  do {
    try review.check(orderedBy: ConfigurationFiles(path: options.configuration).all)
  } catch {
    refusal = refuse(error)
  }
  guard refusal == ExitStatus.success, let model else { return refusal }
  for doubt in doubts { Log().write(.warning, .configurationDoubted, doubt) }
  let files = plan.configurationPath ?? "no configuration file, so every default"
  return say("\(files): good; model \(model.model.identifier.prefix(12))\n")
}

private func serve(_ options: Options) -> Int32 {
  // First of all: a request to reload that comes early must not end the daemon.
  EventLoop.blockSignals([SIGTERM, SIGINT, SIGHUP])
  let log = Log(waits: false)
  if !ProcessPrivacy.forbidDumps() {
    log.write(
      .warning, .privacy,
      "the system does not let core dumps be forbidden: a crash may write sound to disk; set LimitCORE=0"
    )
  }
  Exhaustion.prepareEnding(log: log)
  signal(SIGPIPE, SIG_IGN)
  // One heap: a second one for each thread would cost a megabyte and be hardly used.
  mallopt(M_ARENA_MAX, 1)
  do {
    try Daemon(options, log: log).run()
    return ExitStatus.success
  } catch {
    // Writing the log may wait for its reader from here on, and must not keep the daemon from being
    // ended. A request to reload that came meanwhile must not end it without a word.
    signal(SIGHUP, SIG_IGN)
    EventLoop.unblockSignals()
    return refuse(error)
  }
}
