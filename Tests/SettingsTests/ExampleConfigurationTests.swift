import Affect
import EventStream
import Foundation
import Settings
import TestSupport
import Testing

/// `systemd/edged.toml`, which is the documentation of every key, with nothing commented out but
/// the comments.
private struct Example {
  let text: String

  init() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../systemd/edged.toml")
    text = try String(contentsOf: file, encoding: .utf8)
      .split(separator: "\n", omittingEmptySubsequences: false)
      .map { line in
        let second = line.dropFirst().first
        let isKey = line.first == "#" && (second == "[" || second?.isLowercase == true)
        return isKey ? line.dropFirst() : line
      }
      .joined(separator: "\n")
  }

  /// The keys in each table, tables included; the top is called "".
  var keys: [String: Set<String>] {
    var keys: [String: Set<String>] = [:]
    var table = ""
    for line in text.split(separator: "\n") {
      if line.first == "[" {
        table = String(line.dropFirst().dropLast())
        keys["", default: []].insert(String(table.prefix { $0 != "." }))
      } else if line.first != "#", let equals = line.firstIndex(of: "=") {
        keys[table, default: []].insert(line[..<equals].trimmingCharacters(in: .whitespaces))
      }
    }
    return keys
  }
}

private func read(_ text: String) throws -> Configuration {
  let file = TemporaryFile(text.utf8, named: "edged.toml")
  return try read(ConfigurationFiles(path: file.path))
}

/// The keys that the daemon knows in `table`, as it says when it meets one that it does not know.
private func knownKeys(in table: String) throws -> Set<String> {
  let header = table.isEmpty ? "" : "[\(table)]\n"
  let refusal = #expect(throws: ConfigurationProblems.self) { try read("\(header)no_such_key = 1") }
  let list = try #require(
    refusal?.all.first { $0.kind == .unknownKey }?.message.components(separatedBy: "known here: ")
      .last)
  return Set(list.components(separatedBy: ", "))
}

@Suite struct ExampleConfigurationTests {
  @Test func showsEveryKeyThatThereIsAndNoOther() throws {
    for (table, keys) in try Example().keys {
      #expect(try knownKeys(in: table) == keys, "in [\(table)]")
    }
  }

  @Test func itsValuesAreTheDefaults() throws {
    let configuration = try read(Example().text)
    var expected = Configuration()
    expected.model = "/usr/share/edged/emotion.edge"
    expected.socket = "/run/edged/events.sock"
    let affect = AffectSettings()
    expected.affect.minimumConfidence = affect.minimumConfidence
    expected.affect.timeConstantMs = affect.timeConstantMs
    expected.affect.enterShare = affect.enterShare
    expected.affect.leaveShare = affect.leaveShare
    expected.affect.lapseMs = affect.lapseMs
    let events = EventServer.Settings()
    expected.events.historyBytes = events.historyBytes
    expected.events.heartbeatMs = events.heartbeatMs
    expected.events.interimMs = events.interimMs
    expected.events.maximumClients = events.maximumClients
    // Chosen for the sake of example: where the default is that there is none.
    expected.streams["main"] = StreamConfiguration()
    expected.streams["main"]?.rate = 48_000
    expected.agentException = .safety
    expected.alerts["upset"] = AlertConfiguration()
    expected.alerts["upset"]?.emotions = ["angry", "disgust"]
    expected.places = configuration.places
    expected.files = configuration.files
    #expect(configuration == expected)
  }
}
