import EventStream
import JSON

/// The daemon went away, and the command does not wait for it.
struct DaemonGone: Error, CustomStringConvertible {
  let path: String

  var description: String {
    "edged has gone from \(path): start it again."
  }
}

/// The daemon accepts connections and says nothing.
struct NoAnswer: Error, CustomStringConvertible {
  let path: String

  var description: String {
    EventConnection.service(at: path) != nil
      ? "edged does not answer on \(path): see “journalctl -u edged”, or restart it."
      : "what serves on \(path) does not answer: see what it logs, or restart it."
  }
}

/// The daemon has a command and does not say that it has carried it out.
struct NotCarriedOutYet: Error, CustomStringConvertible {
  let command: String
  let path: String

  var description: String {
    "edged has not answered on \(path) for 5 s; it may still do “\(command)” as soon as it can:"
      + " “edgectl status” shows whether it has."
  }
}

/// The daemon does not do what was asked, for the reason that it gives.
struct CommandRefused: Error, CustomStringConvertible {
  let description: String

  /// Refused by the line `answer`.
  init(_ answer: JSONObject) {
    description = "\(answer["message"]?.string ?? "edged refused the command")."
  }
}

/// Whoever serves on the socket does not speak as edged does.
struct NoGreeting: Error, CustomStringConvertible {
  let path: String

  var description: String {
    "nobody greets on \(path) as edged does: name the event socket with --socket, or start edged again if it is that."
  }
}

/// It is the daemon's other socket.
struct TellsNoEvents: Error, CustomStringConvertible {
  let path: String

  var description: String {
    "\(path) is edged's control socket, which tells no events: name the event socket with --socket."
  }
}
