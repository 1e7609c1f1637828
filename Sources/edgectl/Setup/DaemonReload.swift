import EventStream
import Glibc
import JSON

/// Has a running daemon read its configuration again, by systemd or, without it, by a signal.
struct DaemonReload {
  /// The daemon did not take what was written into service.
  struct Refused: Error, CustomStringConvertible {
    let message: String
    var description: String { "\(message). The configuration is as it was." }
  }

  /// The event socket that it serves on.
  let socket: String
  /// How long a device may take to open.
  private static let patience = Duration.seconds(15)

  /// Asks for it. False when that was refused.
  @discardableResult
  func ask() -> Bool {
    if EventConnection.service(at: socket) != nil, access("/run/systemd/system", F_OK) == 0 {
      return Subprocess(["systemctl", "reload", "edged.service"])?.status == 0
    }
    guard let connection = try? DaemonInquiry(path: socket), let process = connection.server,
      process > 1
    else { return false }
    return kill(process, SIGHUP) == 0
  }

  /// Asks for it and returns when the device of `stream` delivers; `inquiry` hears of it. Throws on Ctrl-C.
  func takeIntoService(
    _ stream: String, by inquiry: inout DaemonInquiry, unless interruption: borrowing Interruption
  ) throws {
    guard ask() else {
      throw Refused(
        message:
          "edged did not read its configuration again; “journalctl -u edged -e” says why, and root may ask it to"
      )
    }
    let deadline = ContinuousClock.now + Self.patience
    var last = "its device did not start within 15 s; “edgectl doctor” looks for the cause"
    var isLoaded = false
    // Where nothing has changed for the device, nothing is said of it.
    var silence: ContinuousClock.Instant?
    while true {
      let next = inquiry.next(until: silence ?? deadline, waker: interruption.descriptor)
      guard !interruption.hasCome else { throw Refused(message: "interrupted") }
      guard let event = next else {
        guard silence != nil else { break }
        if try isRunning(stream) { return }
        silence = nil
        continue
      }
      let state = event["state"]?.string ?? ""
      let said = event["message"]?.string
      switch event["type"]?.string {
      case "config" where state == "rejected": throw Refused(message: said ?? "edged refused it")
      case "config" where state == "loaded":
        isLoaded = true
        silence = .now + .milliseconds(500)
      case "device" where event["stream"]?.string == stream:
        silence = nil
        if ["running", "clipping"].contains(state), isLoaded { return }
        if ["busy", "denied", "absent"].contains(state), let said { last = said }
      default: continue
      }
    }
    throw Refused(message: last)
  }

  /// Throws when `stream` hears another device: then edged reads another configuration than was written.
  func confirm(_ stream: String, hears device: String) throws {
    var inquiry = try DaemonInquiry(path: socket)
    let streams = try inquiry.ask("status")["streams"]?.array ?? []
    let heard = streams.first { $0["name"]?.string == stream }?["device"]?.string ?? "nothing"
    guard heard != device else { return }
    throw Refused(
      message:
        "\(stream) still hears \(heard): edged reads another configuration; name it with --config"
    )
  }

  private func isRunning(_ stream: String) throws -> Bool {
    var inquiry = try DaemonInquiry(path: socket)
    let streams = try inquiry.ask("status")["streams"]?.array ?? []
    return streams.contains { $0["name"]?.string == stream && $0["state"]?.string == "running" }
  }
}
