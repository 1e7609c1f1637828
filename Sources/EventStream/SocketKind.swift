/// Which of the daemon's sockets a client is on, and so what it may do.
///
/// Two sockets, because the file system already knows who may use each: those who may read what
/// people feel need not be those who may switch the microphone off.
public enum SocketKind: CaseIterable, Sendable {
  /// Events: subscribe, replay. No command changes anything for anyone else.
  case events
  /// Commands to the daemon. Emotions are not told here.
  case control

  /// Where the service has it.
  public var servicePath: String {
    switch self {
    case .events: "/run/edged/events.sock"
    case .control: "/run/edged/control.sock"
    }
  }

  /// The group whose members may use the service's.
  public var group: String {
    switch self {
    case .events: "edged"
    case .control: "edged-control"
    }
  }

  /// The unit that opens the service's.
  public var unit: String { "\(group).socket" }

  /// The commands that are understood there.
  var commands: [String] {
    switch self {
    case .events: ["subscribe", "replay", "ping", "status"]
    case .control: ["pause", "resume", "call", "meter", "ping", "status"]
    }
  }
}
