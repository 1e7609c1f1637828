import ArgumentParser
import EventStream

/// `edgectl call`: a call begins or ends.
struct Call: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Tell edged that a call begins or ends.",
    discussion: """
      From here on, edged hears a different person: it forgets what it has learnt of the talker's voice, and ends states and \
      alerts about the talker. Without this command, edged assumes after half a minute without speech that the talker has left.

      edged goes on listening between “end” and “start”. Both have the same effect on it, and differ only in what the event \
      tells its readers. To stop edged from listening, use “edgectl pause”.
      """)

  @Argument(help: "Whether the call begins or ends.")
  var phase: CallBoundary.Phase

  @Argument(help: "Streams of the call; all streams if none is named.")
  var streams: [String] = []

  @OptionGroup var daemon: ControlOption

  func run() throws {
    let meant = try daemon.carryOut("call", streams, phase: phase.rawValue)
    guard phase == .end else {
      return try ControlOption.confirm("call start", meant.map { "\($0): call started" })
    }
    var inquiry = try DaemonInquiry(path: daemon.socket)
    let status = try inquiry.status().object
    let lines = meant.map { stream in
      "\(stream): call ended; \(Call.sentence(ServedDevice(of: stream, in: status)))"
    }
    try ControlOption.confirm("call end", lines)
  }

  /// Whether somebody who speaks now is heard.
  private static func sentence(_ device: ServedDevice) -> String {
    if device.state == .paused { return "the stream is paused, and edged hears nobody" }
    return device.delivers ? "edged listens on" : device.absence
  }
}

extension CallBoundary.Phase: ExpressibleByArgument {}
