import ArgumentParser
import Console

/// `edgectl pause`: microphones off.
struct Pause: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Have edged stop listening.",
    discussion: """
      Closes the streams' devices, forgets what was heard, and says “device paused” to everyone who reads events. Lasts \
      until “edgectl resume”, over reloads and restarts of the service, but not when it is stopped and started or the machine boots.
      """)

  @Argument(help: "Streams that are meant; all of them when none is named.")
  var streams: [String] = []

  @OptionGroup var daemon: ControlOption

  func run() throws {
    for stream in try daemon.carryOut("pause", streams) {
      try StandardOutput.line("\(stream): paused")
    }
  }
}
