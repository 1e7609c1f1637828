import Console
import EventStream
import Glibc
import JSON

/// Reads events until there have been enough, over as many connections as that takes.
struct TailSession: ~Copyable {
  /// How it ended.
  enum End {
    /// Enough events, or the user had enough.
    case done
    case timeout
    /// The daemon has gone.
    case closed
  }

  /// Where a connection begins.
  enum Beginning {
    case now
    case last(Int)
    case after(Cursor)
  }

  /// Where the next connection begins.
  var beginning = Beginning.now

  private let path: String
  private let printer: EventPrinter
  private let filters: [EventFilter]
  /// Whether events are wanted that happen from now on.
  private let follows: Bool
  private var left: Int?
  private let deadline: ContinuousClock.Instant?
  private let interruption = Interruption()
  /// Events that come before the answer to a replay are part of it and come again.
  private var awaitsReplay = false
  /// Collects the last events that pass while the daemon replays older ones: only the end of them
  /// was asked for.
  private var backlog: Backlog?
  /// Whether this connection was greeted: one that a full daemon closes at once does not count.
  private var isWelcome = false
  /// Whether the user was told that the daemon has gone.
  private var hasLost = false
  /// More events than any daemon holds.
  private static let all = Int(Int32.max)
  private static let shortestPause = Duration.milliseconds(100)
  /// How long a daemon may take to greet, which it normally does at once.
  private static let patience = Duration.seconds(3)

  init(
    path: String, printer: EventPrinter, filters: [EventFilter], follows: Bool, count: Int?,
    deadline: ContinuousClock.Instant?
  ) {
    self.path = path
    self.printer = printer
    self.filters = filters
    self.follows = follows
    left = count
    self.deadline = deadline
  }

  /// Runs to the end. Throws when the first connection cannot be made.
  mutating func run(reconnects: Bool) throws -> End {
    var connection = try EventConnection(path: path)
    var pause = TailSession.shortestPause
    while true {
      isWelcome = false
      let end = try read(&connection)
      guard case .closed = end, reconnects, isWelcome || hasLost else { return end }
      if isWelcome {
        pause = TailSession.shortestPause
        hasLost = true
        StandardError.note("edged has gone; waiting for it to come back.")
      }
      if let end = awaitDaemon(&connection, &pause) { return end }
    }
  }

  private mutating func read(_ connection: inout EventConnection) throws -> End {
    begin(connection)
    // A daemon that was there before may take its time to come back.
    var greeting = hasLost ? nil : ContinuousClock.now + TailSession.patience
    while true {
      if isWelcome { greeting = nil }
      let end = [greeting, deadline].compactMap(\.self).min()
      switch connection.receive(until: end, waker: interruption.descriptor) {
      case .line(let line):
        guard try take(line) else { return .done }
      case .woken: return .done
      case .timeout where greeting != nil && end == greeting:
        // A socket that systemd holds accepts connections before the daemon runs.
        guard connection.server == 1, EventConnection.service(at: path) != .control else {
          throw DaemonProblem.noGreeting(path: path)
        }
        StandardError.note("edged does not answer yet; waiting for it.")
        greeting = nil
      // Waiting for a server that accepts and says nothing is not a success.
      case .timeout where !isWelcome && !hasLost && connection.server != 1:
        throw DaemonProblem.noGreeting(path: path)
      case .timeout: return try showBacklog() ? .timeout : .done
      case .closed: return try showBacklog() ? .closed : .done
      }
    }
  }

  /// Requests the place to begin at. A daemon that has already gone is noticed by reading, after
  /// its last lines.
  private mutating func begin(_ connection: borrowing EventConnection) {
    let place: String
    switch beginning {
    case .now:
      awaitsReplay = false
      // This changes nothing, but the control socket, whose greeting is the same, refuses it.
      _ = connection.send(#"{"cmd":"subscribe","id":"tail"}"#)
      return
    case .last(let count):
      // Filters are applied here only, so all events are requested where there are any.
      let asked = filters.isEmpty ? min(count, TailSession.all) : TailSession.all
      place = #""n":\#(asked)"#
      backlog = filters.isEmpty && follows ? nil : Backlog(wanted: count)
    case .after(let cursor):
      place = #""after":"\#(cursor)""#
      backlog = follows ? nil : Backlog(wanted: .max)
    }
    awaitsReplay = true
    _ = connection.send(#"{"cmd":"replay","id":"tail",\#(place)}"#)
  }

  /// Handles a line of the daemon; false when that was enough.
  private mutating func take(_ line: [UInt8]) throws -> Bool {
    guard let event = (try? JSONValue(parsing: line))?.object else {
      guard isWelcome else { throw DaemonProblem.noGreeting(path: path) }
      return true
    }
    switch event["type"]?.string {
    case "gap":
      guard !awaitsReplay else { return true }
      try printer.show(event, line: line)
      backlog?.miss(event["dropped"]?.integer ?? 0)
      return try backlog?.isComplete == true ? showBacklog() : true
    case "ok":
      awaitsReplay = false
      backlog?.expect(event["events"]?.integer ?? 0)
      return try backlog?.isComplete == true ? showBacklog() : true
    // A heartbeat comes only after everything else was sent: what is still expected was forgotten
    // meanwhile.
    case "heartbeat": return try backlog == nil || awaitsReplay ? true : showBacklog()
    case "error" where event["reason"]?.string == "wrong_socket":
      throw DaemonProblem.tellsNoEvents(path: path)
    case "error":
      // A daemon that is full when it is back may have room later.
      guard hasLost, event["reason"]?.string == "too_many_clients" else {
        throw DaemonProblem.refused(answer: event)
      }
      return true
    case "hello":
      if hasLost { StandardError.note("edged is back.") } else { introduce(event) }
      (isWelcome, hasLost) = (true, false)
      rememberStart(event)
      return true
    default:
      guard !awaitsReplay, let sequence = event["seq"]?.integer else { return true }
      remember(event, sequence)
    }
    let passes = filters.isEmpty || filters.contains { $0.passes(event) }
    if backlog != nil {
      backlog?.take(passes ? (event, line) : nil)
      return try backlog?.isComplete == true ? showBacklog() : true
    }
    return try passes ? show(event, line) : true
  }

  /// Shows an event; false when that was enough.
  private mutating func show(_ event: JSONObject, _ line: [UInt8]) throws -> Bool {
    try printer.show(event, line: line)
    left = left.map { $0 - 1 }
    return left != 0
  }

  /// Shows the backlog once it is complete, or once no more of it will come; false when that was
  /// enough.
  private mutating func showBacklog() throws -> Bool {
    let kept = backlog?.kept ?? []
    backlog = nil
    for (event, line) in kept { guard try show(event, line) else { return false } }
    return follows
  }

  /// Tells a user who waits at a terminal what is listened to: an empty screen may mean a quiet
  /// room or a microphone that is not there.
  private func introduce(_ hello: JSONObject) {
    let whole = hello.streamsLeftOut == 0 ? hello : (try? Self.status(of: path)) ?? hello
    warnOfStreams(whole)
    guard follows, Terminal.output.isThere else { return }
    for stream in whole.streams { StandardError.note(StreamSentence(stream).text) }
    if let sentence = whole.leavingOut { StandardError.note("\(sentence).") }
  }

  /// What the daemon says of all streams where a greeting has no room for them. It is asked over
  /// another connection, because events come on this one.
  private static func status(of path: String) throws -> JSONObject {
    var inquiry = try DaemonInquiry(path: path)
    return try inquiry.status().object
  }

  /// Warns of streams that do not exist, which would be waited for in vain. They may come later, so
  /// it is no error.
  private func warnOfStreams(_ hello: JSONObject) {
    guard hello.streamsLeftOut == 0 else { return }
    let names = hello.streams.compactMap { $0["name"]?.string }
    for name in Set(filters.flatMap(\.streams)).subtracting(names).sorted() {
      StandardError.note(
        "edged has no stream “\(name)” now; it has \(names.joined(separator: ", "))."
      )
    }
  }

  /// Remembers the place of the greeting: if the daemon goes before any event, all that happens
  /// after the greeting was missed.
  private mutating func rememberStart(_ hello: JSONObject) {
    guard case .now = beginning, let sequence = hello["last_seq"]?.integer else { return }
    remember(hello, sequence)
  }

  private mutating func remember(_ line: JSONObject, _ sequence: Int) {
    guard let run = line["run"]?.string.flatMap({ RunIdentifier(hexadecimal: $0) }) else { return }
    beginning = .after(Cursor(run: run, sequence: sequence))
  }

  /// Retries, ever more slowly up to two seconds; returns how the session ends when the user or the
  /// deadline ends it.
  private func awaitDaemon(_ connection: inout EventConnection, _ pause: inout Duration) -> End? {
    while true {
      let now = ContinuousClock.now
      if let deadline, now >= deadline { return .timeout }
      let rest = min(pause, deadline.map { $0 - now } ?? pause)
      var waker = pollfd(fd: interruption.descriptor, events: Int16(POLLIN), revents: 0)
      if poll(&waker, 1, Int32(rest / .milliseconds(1)) + 1) > 0 { return .done }
      pause = min(pause * 2, .seconds(2))
      if let next = try? EventConnection(path: path) {
        connection = next
        return nil
      }
    }
  }
}
