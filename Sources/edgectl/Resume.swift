import ArgumentParser
import JSON

/// `edgectl resume`: microphones on.
struct Resume: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make edged listen again after “edgectl pause”.",
    discussion: """
      Says for each stream that it is listening or, if its device is not running within two seconds, what it waits for.
      """)

  @Argument(help: "Streams to resume; all of them if none is named.")
  var streams: [String] = []

  @OptionGroup var daemon: ControlOption

  /// How long a device may take to run.
  private static let patience = Duration.seconds(2)

  func run() throws {
    let resumed = try daemon.carryOut("resume", streams)
    var inquiry = try DaemonInquiry(path: daemon.socket)
    let deadline = ContinuousClock.now + Self.patience
    var served = try ask(&inquiry, resumed)
    while served.contains(where: \.device.isBeginning), ContinuousClock.now < deadline {
      // The pause between two queries; nothing comes on a control socket.
      _ = try inquiry.next(until: .now + .milliseconds(50))
      served = try ask(&inquiry, resumed)
    }
    let lines = served.map { stream, device in
      "\(stream): \(device.delivers ? "listening" : device.absence)"
    }
    try ControlOption.confirm("resume", lines)
  }

  private func ask(
    _ inquiry: inout DaemonInquiry, _ streams: [String]
  ) throws -> [(stream: String, device: ServedDevice)] {
    let status = try inquiry.status().object
    return streams.map { ($0, ServedDevice(of: $0, in: status)) }
  }
}
