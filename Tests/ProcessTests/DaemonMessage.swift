import Foundation
import Service

/// Something that the daemon can say, in whole or in part, as its sources have it.
struct DaemonMessage {
  /// What it says, `…` for what differs.
  var text: String
  /// Where it is to be looked up; nil where that is not known.
  var section: MessageSection?

  /// The pieces of it that never differ, in their order.
  var pieces: [String] {
    text.split(separator: "…").map(String.init).filter { $0.contains { $0 != " " } }
  }

  /// Where its pieces are in `line`, a message of the guide; nil where it does not say them all.
  func ranges(in line: String) -> [Range<String.Index>]? {
    var ranges: [Range<String.Index>] = []
    for piece in pieces {
      let start = ranges.last?.upperBound ?? line.startIndex
      guard let range = line.range(of: piece, range: start..<line.endIndex) else { return nil }
      ranges.append(range)
    }
    return ranges
  }
}

extension DaemonMessage {
  /// Where that is looked up whose source does not name a topic beside it: beginnings of paths, with
  /// the declaration where a file has several; the longest that fits counts.
  static let sections: [String: MessageSection] = [
    "Acoustics/": .log(.modelRejected),
    "Affect/AffectSettings": .log(.configurationRejected),
    "Affect/LabelMap": .log(.modelRejected),
    "Capture/": .log(.deviceFault),
    "EventStream/EventServer+": .refusals,
    "EventStream/EventServer.swift": .log(.socketFault),
    "EventStream/Request+": .refusals,
    "EventStream/SocketProblem": .log(.socketFault),
    "Inference/": .log(.modelRejected),
    "JSON/JSONProblem": .log(.modelRejected),
    "JSON/JSONValue": .refusals,
    "ModelFile/": .log(.modelRejected),
    "Recognition/": .log(.modelRejected),
    "Service/EventLoop": .log(.startFailed),
    "Service/PauseMemory": .log(.control),
    "Settings/": .log(.configurationRejected),
    "SoundDevices/": .log(.deviceFault),
    "SoundDevices/DeviceName": .log(.configurationRejected),
    "edged/Daemon.swift": .log(.performance),
    "edged/DeviceReporter": .log(.deviceFault),
    "edged/DeviceReporter.swift LossCause": .log(.soundLost),
    "edged/Options": .log(.badCommandLine),
    "edged/Plan": .log(.configurationRejected),
    "edged/Plan+Doubts": .log(.configurationDoubted),
    "edged/Start.swift": .log(.configurationRejected),
    "edged/Start.swift OutputProblem": .log(.startFailed),
  ]

  /// What the daemon is built with and never says: beginnings of paths, and a word that no source of
  /// `edged` itself has because of that.
  static let unsaid = [
    // What a client says that finds no daemon.
    "EventStream/ConnectionProblem": "EventConnection",
    // A column of `edgectl inspect`.
    "ModelFile/Loading/Operator+Words": ".words",
  ]

  /// What the source at `path` can say.
  static func all(in path: String) -> [DaemonMessage] {
    guard !unsaid.keys.contains(where: { path.hasPrefix($0) }) else { return [] }
    return all(in: path, DaemonSources.text(path))
  }

  /// What `source`, which lies at `path`, can say: each literal beside which a topic of the log
  /// stands, and each other one that has two words; and of errors that have no sentence their names,
  /// which are printed instead.
  static func all(in path: String, _ source: String) -> [DaemonMessage] {
    let literals = SourceLiterals(of: source)
    return literals.all.compactMap { literal in
      let before = String(decoding: literals.code.utf8.prefix(literal.offset), as: UTF8.self)
      let topic = topic(endOf: before)
      guard topic != nil || isSentence(literal.text) else { return nil }
      return DaemonMessage(
        text: MessageGuide.normalized(literal.text),
        section: topic.map { .log($0) } ?? section(of: path, declaring: declaration(before)))
    } + names(path, literals.code).map { DaemonMessage(text: $0, section: section(of: path)) }
  }

  private static func isSentence(_ text: String) -> Bool {
    text.split(separator: "…").contains { $0.contains(/\p{L}\S* +\S*\p{L}/) }
  }

  /// The topic that a source names just before a literal, as in `log.write(.info, .started, "…")`.
  private static func topic(endOf code: String) -> LogTopic? {
    code.suffix(80).firstMatch(of: /\.(\w+),\s*$/).flatMap { match in
      LogTopic.allCases.first { "\($0)" == match.1 }
    }
  }

  /// What is declared last at the margin.
  private static func declaration(_ code: String) -> String? {
    code.split(separator: "\n").reversed().lazy.filter { $0.first?.isLetter == true }
      .compactMap { $0.firstMatch(of: /(?:struct|enum|class|extension|func) (\w+)/) }.first
      .map { String($0.1) }
  }

  private static func section(of path: String, declaring name: String? = nil) -> MessageSection? {
    let place = name.map { "\(path) \($0)" } ?? path
    return sections.filter { place.hasPrefix($0.key) }.max { $0.key.count < $1.key.count }?.value
  }

  /// The cases of those errors without a sentence that are part of another's, as Swift prints them.
  private static func names(_ path: String, _ code: String) -> [String] {
    guard code.contains("Problem: ") else { return [] }
    let type = path.split(separator: "/").last!.prefix { !"+.".contains($0) }
    return code.matches(of: /enum (\w*Problem): ([^{]*)\{((?s:.*?))\n *\}/).flatMap { problem in
      let name = problem.1 == "Problem" ? "\(type).Problem" : String(problem.1)
      guard DaemonSources.carriedErrors.contains(name),
        !problem.2.contains("CustomStringConvertible"),
        !DaemonSources.describedTypes.contains(name)
      else { return [String]() }
      return problem.3.matches(of: /(?m)^ *case (\w+)(?:\((.*)\))?$/).map { said($0.1, $0.2) }
    }
  }

  /// A case as Swift prints it.
  private static func said(_ name: Substring, _ values: Substring?) -> String {
    guard let values else { return String(name) }
    let said = values.split(separator: ", ").map { value in
      value.contains(":") ? "\(value.prefix { $0 != ":" }): …" : "…"
    }
    return "\(name)(\(said.joined(separator: ", ")))"
  }
}
