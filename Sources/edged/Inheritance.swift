import EventStream
import Service

/// What systemd hands over to this process: its sockets, and which streams the process before it
/// had paused.
struct Inheritance {
  private var events: Int32?
  private var control: Int32?
  /// Which streams were paused.
  private(set) var pauses = PauseMemory()

  /// Assigns `descriptors` by their names.
  init(_ descriptors: [(name: String, descriptor: Int32)]) {
    for (name, descriptor) in descriptors {
      switch name {
      case "events": events = descriptor
      case "control": control = descriptor
      case PauseMemory.name: pauses = PauseMemory(inherited: descriptor)
      // A single socket need not be named.
      default: events = events ?? descriptor
      }
    }
  }

  /// The event socket that was handed over, else one of our own.
  func eventSocket(orAt path: String) throws(SocketProblem) -> ListeningSocket {
    if let events { return try ListeningSocket(inherited: events) }
    return try ListeningSocket(path: path)
  }

  /// The control socket that was handed over, else one of our own if there is to be one.
  func controlSocket(orAt path: String?) throws(SocketProblem) -> ListeningSocket? {
    if let control { return try ListeningSocket(inherited: control) }
    guard let path else { return nil }
    return try ListeningSocket(path: path)
  }
}
