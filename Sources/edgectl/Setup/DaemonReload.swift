import Console
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
  /// How long it may take to read files and to begin with a device.
  static let patience = Duration.seconds(15)

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

  /// Asks for it and returns when it is done: the first file that was read, nil where there is none.
  /// `inquiry` hears of it. Throws on Ctrl-C.
  func perform(
    by inquiry: inout DaemonInquiry, unless interruption: borrowing Interruption
  ) throws -> String? {
    StandardError.note("edged reads its configuration again.")
    guard ask() else {
      throw Refused(
        message:
          "edged did not read its configuration again; “journalctl -u edged -e” says why, and root may ask it to"
      )
    }
    let deadline = ContinuousClock.now + Self.patience
    while let event = inquiry.next(until: deadline, waker: interruption.descriptor) {
      guard event["type"]?.string == "config" else { continue }
      guard event["state"]?.string == "rejected" else { return event["path"]?.string }
      throw Refused(message: event["message"]?.string ?? "edged refused it")
    }
    try interruption.check()
    throw Refused(
      message: "edged did not read its configuration within 15 s; “edgectl doctor” says why")
  }
}

extension Interruption {
  /// Throws when there is a reason to end.
  func check() throws {
    if hasCome { throw DaemonReload.Refused(message: "interrupted") }
  }
}
