import EventStream
import JSON

/// Questions to the daemon, one after another over one connection, each answered within five
/// seconds.
struct DaemonInquiry: ~Copyable {
  private let path: String
  private var connection: EventConnection

  /// Connects to the socket at `path`.
  init(path: String) throws {
    // In this order: Swift 6.2 would destroy twice what is set before a throw.
    connection = try EventConnection(path: path)
    self.path = path
  }

  /// The daemon's answer to `command`, whose further members are given as JSON text.
  mutating func ask(_ command: String, _ members: String = "") throws -> JSONObject {
    try answer(to: command, members).object
  }

  /// The same, with the line that holds it.
  mutating func answer(
    to command: String, _ members: String = ""
  ) throws -> (object: JSONObject, line: [UInt8]) {
    try answer(
      toLine:
        #"{"cmd":"\#(command)","id":"\#(command)"\#(members.isEmpty ? "" : ",")\#(members)}"#,
      id: command)
  }

  /// The daemon's answer to a command that is a whole line, in which it is called `id`.
  mutating func answer(
    toLine command: String, id: String
  ) throws -> (object: JSONObject, line: [UInt8]) {
    // A failed send is ignored: the daemon may have answered, and closed, without waiting for it.
    _ = connection.send(command)
    let deadline = ContinuousClock.now + .seconds(5)
    while let (answer, line) = try nextLine(until: deadline) {
      if answer["type"]?.string == "error" { throw DaemonProblem.refused(answer: answer) }
      if answer["type"]?.string == "ok", answer["id"]?.string == id { return (answer, line) }
    }
    throw DaemonProblem.silent(path: path)
  }

  /// The events of `types` that the daemon holds.
  mutating func past(_ types: [String]) throws -> [JSONObject] {
    let list = types.map { #""\#($0)""# }.joined(separator: ",")
    _ = try ask("subscribe", #""types":[\#(list)]"#)
    let count = try ask("replay", #""n":100000"#)["events"]?.integer ?? 0
    var events: [JSONObject] = []
    while events.count < count, let event = try next(until: .now + .seconds(5)) {
      if event["seq"] != nil { events.append(event) }
    }
    return events
  }

  /// The process that opened the socket.
  var server: Int32? { connection.server }

  /// The next line; nil when none comes in time or before `waker` is readable. Throws when none
  /// ever will.
  mutating func next(
    until deadline: ContinuousClock.Instant, waker: Int32 = -1
  ) throws -> JSONObject? {
    try nextLine(until: deadline, waker: waker)?.object
  }

  private mutating func nextLine(
    until deadline: ContinuousClock.Instant, waker: Int32 = -1
  ) throws -> (object: JSONObject, line: [UInt8])? {
    while true {
      switch connection.receive(until: deadline, waker: waker) {
      case .line(let line):
        if let object = (try? JSONValue(parsing: line))?.object { return (object, line) }
      case .woken, .timeout: return nil
      case .closed: throw DaemonProblem.gone(path: path)
      }
    }
  }
}
