import ArgumentParser
import Console
import EventStream

/// `edgectl call`: a call begins or ends.
struct Call: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Tell edged that a call begins or ends.",
    discussion: """
      Whoever is heard from here on is somebody else: what was learnt of the talker's voice is forgotten, and states and \
      alerts about them end. Without it a talker is taken to have left after half a minute without speech.

      edged goes on listening between “end” and “start”, and both do the same to it: they differ in what the event says \
      to those who read it. “edgectl pause” has it not listen.
      """)

  @Argument(help: "start or end.")
  var phase: CallBoundary.Phase

  @Argument(help: "Streams that are meant; all of them when none is named.")
  var streams: [String] = []

  @OptionGroup var daemon: ControlOption

  func run() throws {
    let meant = try daemon.carryOut("call", streams, phase: phase.rawValue)
    guard phase == .end else {
      for stream in meant { try StandardOutput.line("\(stream): call started") }
      return
    }
    var inquiry = try DaemonInquiry(path: daemon.socket)
    let status = try inquiry.status().object
    for stream in meant {
      let device = ServedDevice(of: stream, in: status)
      try StandardOutput.line("\(stream): call ended; \(Call.sentence(device))")
    }
  }

  /// Whether somebody who speaks now is heard.
  private static func sentence(_ device: ServedDevice) -> String {
    if device.state == .paused { return "the stream is paused, and edged hears nobody" }
    return device.delivers ? "edged listens on" : device.absence
  }
}

extension CallBoundary.Phase: ExpressibleByArgument {}
