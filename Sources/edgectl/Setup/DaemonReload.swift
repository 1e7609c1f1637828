import Console
import EventStream
import Glibc
import JSON

/// Makes a running daemon read its configuration again, by systemd or, without it, by a signal.
struct DaemonReload {
  /// The event socket that it serves on.
  let socket: String
  /// How long it may take to read files and to start a device.
  static let patience = Duration.seconds(15)

  /// Requests the reload; returns whether that failed and how long to wait for the outcome, which
  /// is less after a failure.
  ///
  /// A failure does not mean that nothing was read: systemd's status covers all that is read, and a
  /// damaged model makes it a failure even though the configuration takes effect.
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

  /// Requests the reload and waits until it is done; returns the first file that was read, nil
  /// where there is none. Its events come on `inquiry`. Throws the daemon's message when it
  /// refuses, and on Ctrl-C.
  func perform(
    by inquiry: inout DaemonInquiry, unless interruption: borrowing Interruption
  ) throws -> String? {
    // Discard the events of earlier reloads, which came while somebody chose a microphone.
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
