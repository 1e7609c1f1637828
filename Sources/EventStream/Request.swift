/// The identifier by which a client recognizes the answer to a command.
enum RequestIdentifier: Equatable {
  /// The most bytes a textual one may have.
  static let maximumLength = 64

  case number(Int)
  case text(String)
}

/// A line that a client sent, parsed.
struct Request: Equatable {
  /// What the client asks for.
  enum Command: Equatable {
    /// Hear this from now on. What is left out is as for a new client.
    case subscribe(types: EventTypes, streams: [String]?, wantsInterim: Bool, interimMs: Int?)
    /// Go back by this many events.
    case replayLast(Int)
    /// Go back to just after this event.
    case replayAfter(Cursor)
    /// Say that you are there.
    case ping
    /// Report the state of the daemon, and of the streams after the first `skip`.
    case status(skip: Int)
    /// Do something with these streams; nil for all.
    case control(ControlCommand, streams: [String]?)
    /// Start or stop reporting how loud these streams are; nil for all.
    case meter(Bool, streams: [String]?)

    /// The value of `cmd` in the protocol.
    var name: String {
      switch self {
      case .subscribe: "subscribe"
      case .replayLast, .replayAfter: "replay"
      case .ping: "ping"
      case .status: "status"
      case .control(.pause, _): "pause"
      case .control(.resume, _): "resume"
      case .control(.call, _): "call"
      case .meter: "meter"
      }
    }
  }

  var id: RequestIdentifier?
  var command: Command
}

/// Why a line that a client sent is not carried out.
struct RequestProblem: Error, Equatable {
  /// The reasons, as tokens that programs may compare.
  enum Reason: String, CaseIterable {
    case notJSON = "not_json"
    case notObject = "not_object"
    case badID = "bad_id"
    case unknownCommand = "unknown_command"
    case wrongSocket = "wrong_socket"
    case badArgument = "bad_argument"
    case cursorAhead = "cursor_ahead"
    case lineTooLong = "line_too_long"
    case tooManyClients = "too_many_clients"
  }

  var id: RequestIdentifier?
  var reason: Reason
  /// One sentence: what, where, what to do.
  var message: String
}
