import ArgumentParser
import Console
import EventStream
import JSON

/// `edgectl doctor`: everything that can be wrong with an installation, looked at in one go.
struct Doctor: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Look at everything that can be wrong, and say what to do.",
    discussion: """
      One line a check: ok, note (works, worth knowing), bad (to be put right, the line says how) or skipped. Looks at the unit, \
      the configuration, the sockets, groups, model, clock, power supply, sound cards, their mixers, each stream's device, how \
      often one was lost, the sound that was lost, and for a second at the level. Changes nothing. As root it sees most.

      Exit status: 0 when nothing is bad, 3 when something is.
      """)

  @Flag(help: "One JSON object a line: check, verdict, message.")
  var json = false

  @OptionGroup var daemon: SocketOption

  @OptionGroup var control: ControlSocketOption

  @Option(
    help: ArgumentHelp(
      "A configuration to check, instead of the one that the service reads.", valueName: "path"),
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
