import JSON

extension Request {
  /// Parses one line that a client sent.
  ///
  /// Strict: an unknown name is refused, not ignored, because a misspelt `types` would otherwise be
  /// a subscription to everything.
  init(parsing line: [UInt8], on socket: SocketKind = .events) throws(RequestProblem) {
    let document: JSONValue
    do {
      document = try JSONValue(parsing: line, maximumDepth: 4)
    } catch {
      throw RequestProblem(
        reason: .notJSON,
        message:
          "the line is not JSON: \(error); send one object a line, such as {\"cmd\":\"ping\"}")
    }
    guard let members = document.object else {
      throw RequestProblem(
        reason: .notObject,
        message: "a command is an object, not \(document.kindInWords); send {\"cmd\":\"ping\"}")
    }
    id = try Request.identifier(members["id"])
    do {
      command = try Request.command(members, on: socket)
    } catch {
      throw RequestProblem(id: id, reason: error.reason, message: error.message)
    }
  }

  private static func identifier(
    _ value: JSONValue?
  ) throws(RequestProblem) -> RequestIdentifier? {
    if let number = value?.integer { return .number(number) }
    switch value {
    case nil: return nil
    case .string(let text) where text.utf8.count <= RequestIdentifier.maximumLength:
      return .text(text)
    default:
      throw RequestProblem(
        reason: .badID,
        message:
          "“id” must be a whole number of 64 bits or a string of at most \(RequestIdentifier.maximumLength) bytes"
      )
    }
  }

  private static func command(
    _ members: JSONObject, on socket: SocketKind
  ) throws(RequestProblem) -> Command {
    let names =
      socket.commands.dropLast().joined(separator: ", ") + " or " + socket.commands.last!
    guard let name = members["cmd"]?.string else {
      throw RequestProblem(reason: .unknownCommand, message: "“cmd” must say \(names)")
    }
    if !socket.commands.contains(name),
      let other = SocketKind.allCases.first(where: { $0.commands.contains(name) })
    {
      throw RequestProblem(
        reason: .wrongSocket,
        message: "“\(name)” is for another socket, \(other.servicePath) of the service; "
          + "on this one “cmd” must say \(names)")
    }
    switch name {
    case "subscribe":
      try members.allow(["types", "streams", "interim", "interim_ms"], of: name)
      return .subscribe(
        types: try types(members["types"]), streams: try streams(members["streams"]),
        wantsInterim: try flag(members["interim"], "interim") ?? true,
        interimMs: try interval(members["interim_ms"]))
    case "replay":
      try members.allow(["n", "after"], of: name)
      return try replay(n: members["n"], after: members["after"])
    case "ping":
      try members.allow([], of: name)
      return .ping
    case "status":
      try members.allow(["skip"], of: name)
      guard let skip = members["skip"] else { return .status(skip: 0) }
      return .status(skip: try count(skip, "skip"))
    case "pause":
      try members.allow(["streams"], of: name)
      return .control(.pause, streams: try streams(members["streams"]))
    case "resume":
      try members.allow(["streams"], of: name)
      return .control(.resume, streams: try streams(members["streams"]))
    case "call":
      try members.allow(["phase", "streams"], of: name)
      guard let phase = CallBoundary.Phase(rawValue: members["phase"]?.string ?? "") else {
        throw .argument("“phase” must be “start” or “end”")
      }
      return .control(.call(phase), streams: try streams(members["streams"]))
    case "meter":
      try members.allow(["on", "streams"], of: name)
      return .meter(
        try flag(members["on"], "on") ?? true, streams: try streams(members["streams"]))
    default:
      throw RequestProblem(
        reason: .unknownCommand,
        message: "there is no command “\(name.fitting(64))”; “cmd” must say \(names)")
    }
  }

  private static func replay(
    n: JSONValue?, after: JSONValue?
  ) throws(RequestProblem) -> Command {
    switch (n, after) {
    case (let n?, nil): return .replayLast(try count(n, "n"))
    case (nil, let after?):
      guard let text = after.string, let cursor = Cursor(text) else {
        throw .argument(
          "“after” must be a cursor “run:seq”: 32 hexadecimal digits, a colon and a sequence number"
        )
      }
      return .replayAfter(cursor)
    default:
      throw .argument(
        "“replay” needs either “n”, a number of events, or “after”, a cursor “run:seq”")
    }
  }

  private static func types(_ value: JSONValue?) throws(RequestProblem) -> EventTypes {
    guard let value else { return .all }
    guard let elements = value.array else { throw .argument("“types” must be an array of strings") }
    var types: EventTypes = []
    for element in elements {
      guard let name = element.string, let type = EventType(rawValue: name) else {
        throw .argument(
          "“types” names \(element.string.map { "“\($0.fitting(64))”" } ?? element.kindInWords); "
            + "there are " + EventType.allCases.map(\.rawValue).joined(separator: ", "))
      }
      types.formUnion(EventTypes(type))
    }
    return types
  }

  private static func streams(_ value: JSONValue?) throws(RequestProblem) -> [String]? {
    guard let value else { return nil }
    let names = value.array?.compactMap(\.string)
    guard let names, names.count == value.array?.count, names.count <= 32 else {
      throw .argument("“streams” must be an array of at most 32 strings")
    }
    return names
  }

  private static func flag(_ value: JSONValue?, _ name: String) throws(RequestProblem) -> Bool? {
    guard let value else { return nil }
    guard let flag = value.bool else { throw .argument("“\(name)” must be true or false") }
    return flag
  }

  private static func count(_ value: JSONValue, _ name: String) throws(RequestProblem) -> Int {
    guard let count = value.integer, count >= 0 else {
      throw .argument("“\(name)” must be a whole number that is not negative")
    }
    return count
  }

  private static func interval(_ value: JSONValue?) throws(RequestProblem) -> Int? {
    guard let value else { return nil }
    guard let interval = value.integer, Subscription.interimRange.contains(interval) else {
      let range = Subscription.interimRange
      throw .argument(
        "“interim_ms” must be a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return interval
  }
}

extension RequestProblem {
  fileprivate static func argument(_ message: String) -> RequestProblem {
    RequestProblem(reason: .badArgument, message: message)
  }
}

extension JSONObject {
  /// Refuses members that `command` does not have.
  fileprivate func allow(_ names: [String], of command: String) throws(RequestProblem) {
    let known = ["cmd", "id"] + names
    for member in members where !known.contains(member.key) {
      throw .argument(
        "“\(command)” has no “\(member.key.fitting(64))”; it has " + known.joined(separator: ", "))
    }
  }
}
