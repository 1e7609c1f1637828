import ArgumentParser
import Console
import EventStream
import Glibc
import JSON

/// Which daemon to command.
struct ControlOption: ParsableArguments {
  @Option(name: [.long, .customLong("control-socket")], help: help, completion: .file())
  var socket = ControlOption.standardSocket

  /// What `--help` says of it.
  static let help = ArgumentHelp(
    "The daemon's control socket; the environment variable EDGED_CONTROL_SOCKET also sets it.",
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

  /// Prints what came of a command that the daemon has carried out, a line for each stream. If
  /// standard output does not take them, they go to standard error, so that nobody commands the same
  /// again.
  static func confirm(_ command: String, _ lines: [String]) throws {
    do {
      for line in lines { try StandardOutput.line(line) }
    } catch let problem as StandardOutput.Problem {
      let reason = String(cString: strerror(problem.code))
      StandardError.note(
        "“\(command)” was carried out, but standard output does not take what came of it: \(reason)."
      )
      for line in lines { StandardError.note(line) }
      throw ExitCode.failure
    }
  }

  /// Has the daemon carry out a command and returns the streams that it applied to. A command that
  /// is not answered in time is not withdrawn: the daemon carries it out when it can.
  func carryOut(_ command: String, _ streams: [String], phase: String? = nil) throws -> [String] {
    var inquiry = try DaemonInquiry(path: socket)
    do {
      let answer = try inquiry.answer(
        toLine: ControlOption.line(command, streams, phase: phase), id: ControlOption.identifier)
      return (answer.object["streams"]?.array ?? []).compactMap(\.string)
    } catch DaemonProblem.silent {
      throw DaemonProblem.notCarriedOutYet(command: command, path: socket)
    }
  }
}
