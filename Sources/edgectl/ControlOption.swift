import ArgumentParser
import EventStream
import Glibc
import JSON

/// Which daemon to command.
struct ControlOption: ParsableArguments {
  @Option(help: help, completion: .file())
  var socket = ControlOption.standardSocket

  /// What `--help` says of it.
  static let help = ArgumentHelp(
    "The daemon's control socket; EDGED_CONTROL_SOCKET in the environment says the same.",
    valueName: "path")

  /// The path of the daemon's when no option names one.
  static var standardSocket: String {
    getenv("EDGED_CONTROL_SOCKET").map { String(cString: $0) } ?? SocketKind.control.servicePath
  }

  /// The line that requests `command` for `streams`, all of them when none is named.
  static func line(_ command: String, _ streams: [String], phase: String? = nil) -> String {
    var object = JSONObject()
    object["cmd"] = .string(command)
    object["id"] = .string(identifier)
    if let phase { object["phase"] = .string(phase) }
    if !streams.isEmpty { object["streams"] = .array(streams.map { .string($0) }) }
    return JSONValue.object(object).description
  }

  /// Whether `answer` is the daemon's to our command; throws when it refuses.
  static func isOurs(_ answer: JSONObject) throws -> Bool {
    if answer["type"]?.string == "error" { throw DaemonProblem.refused(answer: answer) }
    return answer["type"]?.string == "ok" && answer["id"]?.string == identifier
  }

  private static let identifier = "edgectl"

  /// Has the daemon carry out a command and returns the streams that it applied to. A command that
  /// is not answered in time is not withdrawn: the daemon carries it out when it can.
  func carryOut(_ command: String, _ streams: [String], phase: String? = nil) throws -> [String] {
    var connection = try EventConnection(path: socket)
    let deadline = ContinuousClock.now + .seconds(5)
    _ = connection.send(ControlOption.line(command, streams, phase: phase))
    while true {
      switch connection.receive(until: deadline) {
      case .line(let line):
        guard let answer = (try? JSONValue(parsing: line))?.object,
          try ControlOption.isOurs(answer)
        else { continue }
        return (answer["streams"]?.array ?? []).compactMap(\.string)
      case .closed: throw DaemonProblem.gone(path: socket)
      case .timeout, .woken:
        throw DaemonProblem.notCarriedOutYet(command: command, path: socket)
      }
    }
  }
}
