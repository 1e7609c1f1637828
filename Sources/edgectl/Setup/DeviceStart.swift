import Console
import EventStream
import JSON

/// Waits until a stream hears the device that was chosen for it.
struct DeviceStart {
  /// The daemon's event socket.
  let socket: String
  let stream: String
  let device: String
  /// How long a device may fail for a reason that can pass: a program lets it go, a card that was
  /// just plugged in gets its permissions.
  let patience: Duration

  /// How often the daemon is asked while no event comes.
  private static let interval = Duration.milliseconds(500)

  /// What the stream heard before.
  private let before: ServedDevice

  /// `stream` is to hear `device`; `status` is what the daemon said before it was told.
  init(
    socket: String, stream: String, device: String, in status: JSONObject, patience: Duration
  ) {
    self.socket = socket
    self.stream = stream
    self.device = StreamSummary.told(device: device)
    self.patience = patience
    before = ServedDevice(of: stream, in: status)
  }

  /// Why a reload would be useless; nil where it would not.
  ///
  /// Where the stream hears the device already, a reload changes nothing, and the daemon would
  /// report nothing new about the device.
  func problem() throws -> String? {
    if before.state == .paused {
      return
        "\(stream) is paused, so that it hears nobody; “edgectl resume \(stream)”, and try again"
    }
    guard before.name == device, before.fails else { return nil }
    return "\(stream) hears \(device) already: \(try lastWords() ?? "it is \(before.word)")"
  }

  /// Returns when the device delivers; its events come on `inquiry`. Throws the daemon's message
  /// when it does not, and on Ctrl-C.
  func wait(
    by inquiry: inout DaemonInquiry, unless interruption: borrowing Interruption
  ) throws {
    var asking = try DaemonInquiry(path: socket)
    let begin = ContinuousClock.now
    var failsSince: ContinuousClock.Instant?
    // Until the daemon reports on the new device, the state is that of the old one.
    var hasBegun = before.name == device
    var said: String?
    while true {
      let now = ServedDevice(of: stream, in: try asking.status().object)
      guard now.name == device else {
        throw SetupProblem(
          "\(stream) still hears \(now.name): a drop-in after this one says so, or edged's command line"
        )
      }
      if hasBegun, now.delivers { return }
      failsSince = hasBegun && now.fails ? failsSince ?? .now : nil
      let hasLost = failsSince.map { ContinuousClock.now - $0 >= patience } ?? false
      if failsSince != nil, now.isHopeless || hasLost {
        throw SetupProblem(
          try said ?? lastWords() ?? "\(stream): \(device) is \(now.word)")
      }
      guard ContinuousClock.now - begin < DaemonReload.patience else {
        throw SetupProblem(
          "\(device) did not start within 15 s; “edgectl doctor” looks for the cause")
      }
      let event = try inquiry.next(
        until: .now + Self.interval, waker: interruption.descriptor)
      try interruption.check()
      guard let event, event["type"]?.string == "device", event["stream"]?.string == stream
      else { continue }
      hasBegun = true
      said = event["message"]?.string
      // Why it does not open is said once, at the end, if it stays so.
      if event["state"]?.string == "opening" { StandardError.note("\(device) is being opened.") }
    }
  }

  /// Which device the stream still hears instead of the one before, and why, if the daemon refuses
  /// to read the restored files or `patience` passes; nil once it hears the one before.
  func whatIsLeft(for patience: Duration) throws -> String? {
    var inquiry = try DaemonInquiry(path: socket)
    let deadline = ContinuousClock.now + patience
    while true {
      let status = try inquiry.status().object
      let now = ServedDevice(of: stream, in: status)
      if now.name == before.name { return nil }
      let words = "\(stream) still hears \(now.name)"
      let refusal = (status["reload_refused"]?.array ?? []).first { $0["type"]?.string == "config" }
      if let message = refusal?["message"]?.string { return "\(words): \(message)" }
      guard ContinuousClock.now < deadline else {
        return "\(words); “edgectl doctor” looks for the cause"
      }
      // Until the next query, or until an event comes.
      _ = try inquiry.next(until: .now + Self.interval)
    }
  }

  /// The daemon's last message about the device.
  private func lastWords() throws -> String? {
    var inquiry = try DaemonInquiry(path: socket)
    return try inquiry.past(["device"]).last { $0["stream"]?.string == stream }?["message"]?.string
  }
}
