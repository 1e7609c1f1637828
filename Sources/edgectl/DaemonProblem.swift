import EventStream
import JSON

/// Why a command got nothing from whoever serves on the socket at `path`.
enum DaemonProblem: Error, CustomStringConvertible {
  /// The daemon went away, and the command does not wait for it.
  case gone(path: String)
  /// The daemon accepts connections and says nothing.
  case silent(path: String)
  /// The daemon has `command` and does not say that it has carried it out.
  case notCarriedOutYet(command: String, path: String)
  /// The daemon does not do what was asked; `answer` gives the reason.
  case refused(answer: JSONObject)
  /// Whatever serves there does not greet as edged does.
  case noGreeting(path: String)
  /// It is the daemon's other socket.
  case tellsNoEvents(path: String)

  var description: String {
    switch self {
    case .gone(let path): "edged has gone from \(path): start it again."
    case .silent(let path) where EventConnection.service(at: path) != nil:
      "edged does not answer on \(path): see “journalctl -u edged”, or restart it."
    case .silent(let path):
      "what serves on \(path) does not answer: see what it logs, or restart it."
    case .notCarriedOutYet(let command, let path):
      "edged has not answered on \(path) for 5 s; it may still do “\(command)” as soon as it can:"
        + " “edgectl status” shows whether it has."
    case .refused(let answer): "\(answer["message"]?.string ?? "edged refused the command")."
    case .noGreeting(let path):
      "nobody greets on \(path) as edged does: name the event socket with --socket, or start edged again if it is that."
    case .tellsNoEvents(let path):
      "\(path) is edged's control socket, which tells no events: name the event socket with --socket."
    }
  }
}
