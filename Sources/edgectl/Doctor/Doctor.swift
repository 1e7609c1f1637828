import ArgumentParser
import Console
import EventStream
import JSON

/// `edgectl doctor`: everything that can be wrong with an installation, looked at in one go.
struct Doctor: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check everything that can be wrong, and say what to do.",
    discussion: """
      Prints one line per check: ok, note (works, but worth knowing), bad (must be put right; the line says how) or skipped. \
      Checks the unit, the configuration, the sockets, groups, model, clock, power supply, sound cards, their mixers, each \
      stream's device, how often a device was lost, the sound that was lost and, for a second, the level. Changes nothing. It \
      sees most as root.

      Exit status: 0 when nothing is bad, 3 when something is.
      """)

  @Flag(help: "Print one JSON object per line: check, verdict, message.")
  var json = false

  @OptionGroup var daemon: SocketOption

  @OptionGroup var control: ControlSocketOption

  @Option(
    help: ArgumentHelp(
      "A configuration to check instead of the one that the service reads.", valueName: "path"),
    completion: .file())
  var config: String?

  func run() throws {
    var isWell = true
    func report(_ findings: [Finding]) throws {
      for finding in findings {
        try StandardOutput.line(json ? finding.json.description : finding.text)
        if finding.verdict == .bad { isWell = false }
      }
    }
    let isService = EventConnection.service(at: daemon.socket) != nil
    try report(ServiceExamination(isService: isService, configuration: config).findings())
    let examination = DaemonExamination(path: daemon.socket)
    try report(examination.findings())
    try report([PowerExamination.finding()])
    let sound = SoundExamination(streams: examination.streams, controlSocket: control.controlSocket)
    try report(sound.findings())
    guard isWell else { throw ExitCode(3) }
  }
}
