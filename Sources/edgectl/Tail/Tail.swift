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
      On a terminal and with --readable they are shown for people, elsewhere and with --json as the daemon's JSON lines. A terminal is first told \
      what is listened to. When the daemon goes \
      away, waits until it is back and continues where it was; what could not be caught up with is reported as a gap.

      A filter is one or more conditions separated by commas, all of which must hold: a member of the event, =, !=, >= or \
      <=, and a value. Of several --filter options, any one may pass an event; -n counts the events that pass.

      edgectl tail --filter type=emotion,final=true,label=angry --filter type=alert

      Exit status: 0 after --count events, at the end of what --no-follow shows, on Ctrl-C, or when --timeout passes without --count; 1 when the daemon cannot be \
      reached, the socket is another than its event socket, or it has gone and --no-reconnect was given; 3 when --timeout passes before --count events; 64 for wrong usage.
      """)

  @Flag(help: "JSON lines, also on a terminal.")
  var json = false

  @Flag(help: "Lines for people, also elsewhere.")
  var readable = false

  @Option(
    name: [.customShort("n", allowingJoined: true), .customLong("lines")], parsing: .unconditional,
    help: ArgumentHelp("Begin with the last events that the daemon holds.", valueName: "events"))
  var last: Int?

  @Option(
    help: ArgumentHelp("Begin behind this event, run:seq as in its line.", valueName: "run:seq"))
  var afterCursor: String?

  @Option(
    help: ArgumentHelp("Show only such events; may be repeated.", valueName: "conditions"),
    transform: EventFilter.init)
  var filter: [EventFilter] = []

  @Option(
    parsing: .unconditional, help: ArgumentHelp("End after so many events.", valueName: "events"))
  var count: Int?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("End after so long.", valueName: "seconds"))
  var timeout: Double?

  @Flag(
    name: [.customShort("f"), .customLong("follow")], inversion: .prefixedNo,
    help: "Wait for events; else end after those that were there before, all of them without -n.")
  var follow = true

  @Flag(inversion: .prefixedNo, help: "Wait for a daemon that has gone away.")
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
