import Console
import EventStream
import Glibc
import JSON

/// Has a running daemon read its configuration again, by systemd or, without it, by a signal.
struct DaemonReload {
  /// The event socket that it serves on.
  let socket: String
  /// How long it may take to read files and to begin with a device.
  static let patience = Duration.seconds(15)

  /// Asks for it and returns how long to wait for what comes of it: less where asking has failed.
  ///
  /// That it has failed does not say that nothing was read: systemd's status is that of all that is
  /// read, and a damaged model makes it a failure while the configuration is taken into service.
  func ask() -> (hasFailed: Bool, patience: Duration) {
    let hasFailed = !succeedsInAsking()
    return (hasFailed, hasFailed ? .seconds(2) : Self.patience)
  }

  private func succeedsInAsking() -> Bool {
    if EventConnection.service(at: socket) != nil, access("/run/systemd/system", F_OK) == 0 {
      return Subprocess(["systemctl", "reload", "edged.service"])?.status == 0
    }
    guard let connection = try? DaemonInquiry(path: socket), let process = connection.server,
      process > 1
    else { return false }
    return kill(process, SIGHUP) == 0
  }

  /// Asks for it and returns when it is done: the first file that was read, nil where there is none.
  /// `inquiry` hears of it. Throws what the daemon says when it refuses, and on Ctrl-C.
  func perform(
    by inquiry: inout DaemonInquiry, unless interruption: borrowing Interruption
  ) throws -> String? {
    // What was read while somebody chose a microphone was not what is read now.
    while try inquiry.next(until: .now) != nil {}
    StandardError.note("edged reads its configuration again.")
    let (hasFailed, patience) = ask()
    let deadline = ContinuousClock.now + patience
    while let event = try inquiry.next(until: deadline, waker: interruption.descriptor) {
      guard event["type"]?.string == "config" else { continue }
      guard event["state"]?.string == "rejected" else { return event["path"]?.string }
      throw SetupProblem(event["message"]?.string ?? "edged refused it")
    }
    try interruption.check()
    throw SetupProblem(
      hasFailed
        ? "edged did not read its configuration again; “journalctl -u edged -e” says why, and root may ask it to"
        : "edged did not read its configuration within 15 s; “edgectl doctor” says why")
  }
}
