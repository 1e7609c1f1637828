import ArgumentParser
import Console
import EventStream
import Glibc
import JSON

/// `edgectl tail`: events as they happen.
struct Tail: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show events as they happen.",
    discussion: """
      On a terminal and with --readable, events are formatted for people; otherwise and with --json, they are the daemon's JSON \
      lines. A terminal first shows what edged is listening to. If the daemon goes away, tail waits until it is back and \
      continues where it was. Events that it could not catch up with are reported as a gap.

      A filter is one or more conditions separated by commas, all of which must hold. A condition is a member of the event, one \
      of =, !=, >= and <=, and a value. With several --filter options, an event is shown if any of them matches. -n counts the \
      events that match.

      edgectl tail --filter type=emotion,final=true,label=angry --filter type=alert

      Exit status: 0 after --count events, at the end of what --no-follow shows, on Ctrl-C or SIGTERM, when its reader has left, \
      or when --timeout passes and no --count was given; 1 when the daemon cannot be reached or refuses, when the socket is not \
      its event socket, or when the daemon has gone and --no-reconnect was given; 3 when --timeout passes before --count events; \
      64 for wrong usage.
      """)

  @Flag(help: "Print JSON lines, even on a terminal.")
  var json = false

  @Flag(help: "Print lines for people, even if the output is not a terminal.")
  var readable = false

  @Option(
    name: [.customShort("n", allowingJoined: true), .customLong("lines")], parsing: .unconditional,
    help: ArgumentHelp(
      "Begin with this many of the latest events that the daemon keeps.", valueName: "events"))
  var last: Int?

  @Option(
    help: ArgumentHelp(
      "Begin after this event, given by the run and seq in its line.", valueName: "run:seq"))
  var afterCursor: String?

  @Option(
    help: ArgumentHelp("Show only events that match; may be repeated.", valueName: "conditions"),
    transform: EventFilter.init)
  var filter: [EventFilter] = []

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("End after this many events.", valueName: "events"))
  var count: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("End after this many seconds.", valueName: "seconds"))
  var timeout: Double?

  @Flag(
    name: [.customShort("f"), .customLong("follow")], inversion: .prefixedNo,
    help:
      "Wait for new events. With --no-follow, end after past events: all of them, unless -n limits them."
  )
  var follow = true

  @Flag(inversion: .prefixedNo, help: "If the daemon goes away, wait until it is back.")
  var reconnect = true

  @OptionGroup var daemon: SocketOption

  func validate() throws {
    guard (last ?? 0) >= 0 else { throw ValidationError("-n must not be negative.") }
    guard (count ?? 1) >= 1 else { throw ValidationError("--count must be at least 1.") }
    guard timeout.map({ $0 > 0 && $0 <= Tail.longestTimeout }) ?? true else {
      throw ValidationError(
        "--timeout must be positive, and at most \(Int(Tail.longestTimeout)) seconds.")
    }
    guard afterCursor.map({ Cursor($0) != nil }) ?? true else {
      throw ValidationError(
        "--after-cursor must be run:seq: the run's 32 hexadecimal digits, a colon, a number.")
    }
    guard !json || !readable else {
      throw ValidationError("--json and --readable exclude each other.")
    }
    guard last == nil || afterCursor == nil else {
      throw ValidationError("-n and --after-cursor both say where to begin: give one of them.")
    }
  }

  /// A year, in seconds.
  private static let longestTimeout = 31_536_000.0

  func run() throws {
    var session = TailSession(
      path: daemon.socket,
      printer: EventPrinter(readable: readable || (!json && Terminal.output.isThere)),
      filters: filter, follows: follow, count: count, deadline: timeout.map { .now + .seconds($0) })
    if let last {
      session.beginning = .last(last)
    } else if !follow {
      session.beginning = .last(.max)
    }
    if let cursor = afterCursor.flatMap({ Cursor($0) }) { session.beginning = .after(cursor) }
    switch try session.run(reconnects: reconnect) {
    case .done: return
    case .timeout: throw ExitCode(count == nil ? 0 : 3)
    case .closed:
      throw DaemonProblem.gone(path: daemon.socket)
    }
  }
}
