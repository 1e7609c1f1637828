import ArgumentParser

/// `edgectl pause`: microphones off.
struct Pause: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make edged stop listening.",
    discussion: """
      Closes the streams' devices, forgets what was heard, and tells everyone who reads events “device paused”. The pause lasts \
      until “edgectl resume”. It survives reloads and restarts of the service, but ends when the service is stopped and started \
      or the machine boots.
      """)

  @Argument(help: "Streams to pause; all of them if none is named.")
  var streams: [String] = []

  @OptionGroup var daemon: ControlOption

  func run() throws {
    let paused = try daemon.carryOut("pause", streams)
    try ControlOption.confirm("pause", paused.map { "\($0): paused" })
  }
}
