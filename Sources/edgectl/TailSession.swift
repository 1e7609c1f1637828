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
  private var left: Int?
  private let deadline: ContinuousClock.Instant?
  private let interruption = Interruption()

  init(
    path: String, printer: EventPrinter, filters: [EventFilter], count: Int?,
    deadline: ContinuousClock.Instant?
  ) {
    self.path = path
    self.printer = printer
    self.filters = filters
    left = count
    self.deadline = deadline
  }

  /// Runs to the end. Throws when the first connection cannot be made.
  mutating func run(reconnects: Bool) throws -> End {
    var connection = try EventConnection(path: path)
    while true {
      let end = read(&connection)
      guard case .closed = end, reconnects else { return end }
      note("edged has gone; waiting for it to come back.")
      guard let next = awaitDaemon() else { return .done }
      note("edged is back.")
      connection = next
    }
  }

  private mutating func read(_ connection: inout EventConnection) -> End {
    guard begin(connection) else { return .closed }
    while true {
      switch connection.receive(until: deadline, waker: interruption.descriptor) {
      case .line(let line):
        guard take(line) else { return .done }
      case .woken: return .done
      case .timeout: return .timeout
      case .closed: return .closed
      }
    }
  }

  private func begin(_ connection: borrowing EventConnection) -> Bool {
    switch beginning {
    case .now: true
    case .last(let count): connection.send(#"{"cmd":"replay","n":\#(count)}"#)
    case .after(let cursor): connection.send(#"{"cmd":"replay","after":"\#(cursor)"}"#)
    }
  }

  /// Takes in a line of the daemon; false when that was enough.
  private mutating func take(_ line: [UInt8]) -> Bool {
    guard let event = (try? JSONValue(parsing: line))?.object else { return true }
    switch event["type"]?.string {
    case "gap":
      printer.show(event, line: line)
      return true
    case "error":
      note(event["message"]?.string ?? "edged refused a command.")
      return true
    case "hello":
      rememberStart(event)
      return true
    default:
      guard let sequence = event["seq"]?.integer else { return true }
      remember(event, sequence)
    }
    guard filters.isEmpty || filters.contains(where: { $0.passes(event) }) else { return true }
    printer.show(event, line: line)
    left = left.map { $0 - 1 }
    return left != 0
  }

  /// Nothing may have happened yet when the daemon goes: then all that happens after the hello was missed.
  private mutating func rememberStart(_ hello: JSONObject) {
    guard case .now = beginning, let sequence = hello["last_seq"]?.integer else { return }
    remember(hello, sequence)
  }

  private mutating func remember(_ line: JSONObject, _ sequence: Int) {
    guard let run = line["run"]?.string.flatMap({ RunIdentifier(hexadecimal: $0) }) else { return }
    beginning = .after(Cursor(run: run, sequence: sequence))
  }

  /// Tries again and again, ever more slowly up to two seconds; nil when the user or the deadline ends it.
  private func awaitDaemon() -> EventConnection? {
    var pause = Duration.milliseconds(100)
    while true {
      let now = ContinuousClock.now
      if let deadline, now >= deadline { return nil }
      let milliseconds =
        Int32(pause.components.attoseconds / 1_000_000_000_000_000)
        + Int32(pause.components.seconds) * 1000
      var waker = pollfd(fd: interruption.descriptor, events: Int16(POLLIN), revents: 0)
      if poll(&waker, 1, milliseconds) > 0 { return nil }
      if let connection = try? EventConnection(path: path) { return connection }
      pause = min(pause * 2, .seconds(2))
    }
  }

  /// Says something beside the events.
  private func note(_ text: String) {
    let line = Array("edgectl: \(text)\n".utf8)
    _ = line.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }
}
