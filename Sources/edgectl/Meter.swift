import ArgumentParser
import Console
import EventStream
import Glibc
import JSON

/// `edgectl meter`: how loud it is at the microphones.
struct Meter: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show the level at the microphones, live.",
    discussion: """
      For setting up microphones: ten readings a second, as bars on a terminal and with --readable, otherwise and with --json as \
      the daemon's JSON lines. Speech at the usual distance should move between -40 and -15 dBFS, and its peaks should stay \
      below -3.

      Exit status: 0 on Ctrl-C, after --count readings, or when --timeout passes and no --count was given; 1 when the daemon \
      cannot be reached, does not answer or refuses; 3 when --timeout passes before --count readings; 64 for wrong usage.
      """)

  @Flag(help: "Print JSON lines, even on a terminal.")
  var json = false

  @Flag(help: "Show bars, even if the output is not a terminal.")
  var readable = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("End after this many readings of every stream.", valueName: "readings"))
  var count: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("End after this many seconds.", valueName: "seconds"))
  var timeout: Double?

  @Argument(help: "Streams to show; all of them if none is named.")
  var streams: [String] = []

  @OptionGroup var daemon: ControlOption

  func validate() throws {
    guard (count ?? 1) >= 1 else { throw ValidationError("--count must be at least 1.") }
    guard timeout.map({ $0 > 0 && $0 <= 31_536_000 }) ?? true else {
      throw ValidationError("--timeout must be positive, and at most a year.")
    }
    guard !json || !readable else {
      throw ValidationError("--json and --readable exclude each other.")
    }
  }

  func run() throws {
    let interruption = Interruption()
    var connection = try EventConnection(path: daemon.socket)
    let deadline = timeout.map { ContinuousClock.now + .seconds($0) }
    // A server that accepts and says nothing is not waited for, and never counts as success.
    let patience = ContinuousClock.now + .seconds(5)
    // As in `DaemonInquiry`, a failed send is ignored: there may be an answer all the same.
    _ = connection.send(ControlOption.line("meter", streams))
    var display: MeterDisplay?
    let printer = EventPrinter(readable: false)
    let isReadable = readable || (!json && Terminal.output.isThere)
    var left: Int?
    while true {
      let end = display == nil ? min(patience, deadline ?? patience) : deadline
      switch connection.receive(until: end, waker: interruption.descriptor) {
      case .line(let line):
        guard let object = (try? JSONValue(parsing: line))?.object else { continue }
        if object["type"]?.string == "meter" {
          if isReadable { try display?.show(object) } else { try printer.show(object, line: line) }
          left = left.map { $0 - 1 }
          if left == 0 { return }
        } else if try ControlOption.isOurs(object) {
          let names = (object["streams"]?.array ?? []).compactMap(\.string)
          display = MeterDisplay(streams: names)
          left = count.map { $0 * names.count }
        }
      case .woken: return
      case .timeout where display == nil: throw DaemonProblem.silent(path: daemon.socket)
      case .timeout: throw ExitCode(count == nil ? 0 : 3)
      case .closed: throw DaemonProblem.gone(path: daemon.socket)
      }
    }
  }
}
