import ArgumentParser
import Console
import EventStream
import Glibc
import JSON
import SoundDevices
import Text

/// `edgectl setup`: from a microphone that was just plugged in to the first event.
struct Setup: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Choose a microphone, put it into service and check that it hears.",
    discussion: """
      Lists the microphones, writes the chosen one into a file beside the configuration, makes edged read it again, shows the \
      level at that microphone, and waits until somebody speaks. On a terminal it asks; elsewhere, give --device, or --yes to \
      take the only microphone. Needs root, to write the file.

      If a microphone does not open, setup tries for three seconds, or for as long as --wait says if that is less.

      Exit status: 0 when somebody was heard; 3 when the microphone is in service, but nobody was heard in time or edged went \
      away; 1 when it could not be put into service, or when Ctrl-C came before it was. After status 1 the configuration is as \
      it was, except for what setup says has stayed. Once the microphone is in service, Ctrl-C \
      only ends the waiting, with 130 in a shell: the microphone stays in service.
      """)

  @Option(help: ArgumentHelp("The microphone, as named by “edgectl devices”.", valueName: "name"))
  var device: String?

  @Option(
    help: ArgumentHelp(
      "The stream that is to hear it; not needed if there is only one.", valueName: "name"))
  var stream: String?

  @Flag(help: "Ask no questions.")
  var yes = false

  @Option(
    help: ArgumentHelp(
      "How long to wait until somebody speaks; 0 not to wait.", valueName: "seconds"))
  var wait = 30.0

  @Option(
    help: ArgumentHelp("The configuration that edged reads.", valueName: "path"),
    completion: .file())
  var config = "/etc/edged/edged.toml"

  @OptionGroup var daemon: SocketOption

  @OptionGroup var control: ControlSocketOption

  func validate() throws {
    guard wait >= 0, wait <= 86_400 else {
      throw ValidationError("--wait must be between 0 and 86400 seconds.")
    }
    guard config.hasSuffix(".toml") else {
      throw ValidationError("--config must name a file that ends in .toml.")
    }
  }

  func run() throws {
    var inquiry = try DaemonInquiry(path: daemon.socket)
    let status = try inquiry.status().object
    let streamName = try chooseStream(status)
    let microphone = try chooseMicrophone()
    let start = DeviceStart(
      socket: daemon.socket, stream: streamName, device: microphone.text, in: status,
      patience: .seconds(min(wait, 3)))
    if let problem = try start.problem() { throw SetupProblem(problem) }
    try takeIntoService(microphone, start, by: &inquiry)
    try showLevel(streamName, of: microphone)
    guard wait > 0 else { return }
    try listen(streamName, by: &inquiry)
  }

  /// Writes the drop-in and puts it into service; if anything goes wrong on the way, Ctrl-C
  /// included, everything is restored.
  private func takeIntoService(
    _ microphone: DeviceName, _ start: DeviceStart, by inquiry: inout DaemonInquiry
  ) throws {
    let dropIn = DropIn(configuration: config)
    let service = DaemonReload(socket: daemon.socket)
    let interruption = Interruption()
    try dropIn.write(stream: start.stream, device: microphone)
    do {
      try StandardOutput.line("\(dropIn.path): stream \(start.stream) hears \(microphone.text)")
      let read = try service.perform(by: &inquiry, unless: interruption)
      guard dropIn.isAmong(filesOf: read) else {
        throw SetupProblem(
          "edged reads \(read ?? "no configuration file") and not \(config); name it with --config"
        )
      }
      try start.wait(by: &inquiry, unless: interruption)
      try interruption.check()
      try StandardOutput.line("\(start.stream): \(microphone.text) runs")
    } catch {
      throw SetupProblem(error, leaving: undo(dropIn, start, service))
    }
    interruption.end()
  }

  /// Restores everything; returns what could not be restored.
  private func undo(_ dropIn: DropIn, _ start: DeviceStart, _ service: DaemonReload) -> String? {
    do {
      try dropIn.restore()
    } catch {
      return "What was written could not be put back: \(error)"
    }
    do {
      return try start.whatIsLeft(for: service.ask().patience).map {
        "The files are as they were, but \($0)."
      }
    } catch ConnectionProblem.absent, ConnectionProblem.refused, DaemonProblem.gone {
      // When the daemon starts again, it reads the restored files.
      return nil
    } catch {
      return "The files are as they were; whether edged has read them cannot be told: \(error)"
    }
  }

  /// Shows how loud it is: live on a terminal, elsewhere in a line.
  private func showLevel(_ stream: String, of microphone: DeviceName) throws {
    let isLive = Terminal.output.isThere && !yes
    if isLive { StandardError.write("Speak as far from the microphone as people will.\n") }
    var display = MeterDisplay(streams: [stream])
    let levels: Levels
    do {
      levels = try Levels(path: control.controlSocket, streams: [stream], seconds: isLive ? 6 : 1.5)
      {
        if isLive { try display.show($0) }
      }
    } catch {
      // The microphone is in service, whatever the error.
      try StandardOutput.line("\(stream): its level cannot be shown: \(Levels.sentence(error))")
      return
    }
    let finding = SoundExamination.finding(
      stream, levels.readings[stream], state: "running", device: microphone)
    try StandardOutput.line(finding.message)
  }

  /// Waits until somebody speaks.
  private func listen(_ stream: String, by inquiry: inout DaemonInquiry) throws {
    StandardError.note("say something; waiting \(decimal(wait, places: 0)) s for it.")
    do {
      if try hears(stream, until: .now + .seconds(wait), by: &inquiry) {
        try StandardOutput.line("\(stream): somebody speaks; it is done")
        return
      }
      StandardError.note("nobody was heard; see “edgectl meter” and “edgectl doctor”.")
    } catch let problem as DaemonProblem {
      StandardError.note(problem.description)
    }
    throw ExitCode(3)
  }

  /// Whether somebody speaks before `deadline`.
  private func hears(
    _ stream: String, until deadline: ContinuousClock.Instant, by inquiry: inout DaemonInquiry
  ) throws -> Bool {
    while let event = try inquiry.next(until: deadline) {
      guard event["stream"]?.string == stream else { continue }
      switch event["type"]?.string {
      // Speech that began before this shows by an emotion or by its end.
      case "speech_start", "speech_end", "emotion": return true
      case "device" where event["state"]?.string == "silent":
        let message = event["message"]?.string ?? "every sample is zero"
        try StandardOutput.line("\(stream): \(message)".printable)
      default: continue
      }
    }
    return false
  }
}
