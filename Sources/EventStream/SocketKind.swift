/// Which of the daemon's sockets a client is on, and so what it may do.
///
/// Two sockets, so that file permissions decide who may use each: those who may read what people
/// feel need not be those who may switch the microphone off.
public enum SocketKind: CaseIterable, Sendable {
  /// Events: subscribe, replay. No command changes anything for anyone else.
  case events
  /// Commands to the daemon. Emotions are not reported here.
  case control

  /// Its path in the service.
  public var servicePath: String {
    switch self {
    case .events: "/run/edged/events.sock"
    case .control: "/run/edged/control.sock"
    }
  }

  /// The group whose members may use it in the service.
  public var group: String {
    switch self {
    case .events: "edged"
    case .control: "edged-control"
    }
  }

  /// The systemd unit that opens it.
  public var unit: String { "\(group).socket" }

  /// The commands that are understood there.
  var commands: [String] {
    switch self {
    case .events: ["subscribe", "replay", "ping", "status"]
    case .control: ["pause", "resume", "call", "meter", "ping", "status"]
    }
  }
}
