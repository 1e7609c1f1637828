import Foundation
import Service
import Testing

/// docs/TROUBLESHOOTING.md has every message of the daemon under its MESSAGE_ID, with what to do, and
/// docs/EVENTS.md those that only clients are told: somebody who pastes one into a search finds it.
struct TroubleshootingTests {
  private let guide: MessageGuide

  init() throws { guide = try MessageGuide.ofRepository() }

  private static let messages: [String: [DaemonMessage]] = Dictionary(
    uniqueKeysWithValues: DaemonSources.paths.map { ($0, DaemonMessage.all(in: $0)) })

  /// Sources that can say something.
  private static let speaking = messages.filter { !$0.value.isEmpty }.keys.sorted()

  /// The whole of each message.
  private static let texts = Set(messages.values.flatMap(\.self).map(\.text))

  /// Literals that are no sentence, such as the names of threads.
  private static let words = Set(
    DaemonSources.paths.flatMap { SourceLiterals(of: DaemonSources.text($0)).all.map(\.text) })

  @Test func theSourcesOfTheDaemonAreFound() {
    #expect(DaemonSources.modules.contains("ModelFile") && DaemonSources.modules.contains("edged"))
    #expect(!DaemonSources.modules.contains("Quantization"))
    #expect(Self.speaking.count >= 40, "\(Self.speaking)")
    #expect(Self.messages.values.map(\.count).reduce(0, +) >= 300)
    // Texts over several lines are not looked at: they answer `--help`.
    #expect(
      DaemonSources.paths.filter { DaemonSources.text($0).contains("\"\"\"") } == [
        "edged/Options.swift"
      ]
    )
  }

  @Test(arguments: DaemonMessage.sections.keys.sorted())
  func everyPlaceThatHasASectionIsThere(place: String) {
    let path = place.prefix { $0 != " " }
    let declaration = place.dropFirst(path.count + 1)
    let isThere = DaemonSources.paths.contains {
      $0.hasPrefix(path) && DaemonSources.text($0).contains(declaration)
    }
    #expect(declaration.isEmpty ? DaemonSources.paths.contains { $0.hasPrefix(path) } : isThere)
  }

  @Test(arguments: DaemonMessage.unsaid.keys.sorted())
  func whatTheDaemonNeverSaysItHasNoUseFor(path: String) throws {
    #expect(DaemonSources.paths.contains { $0.hasPrefix(path) })
    let word = try #require(DaemonMessage.unsaid[path])
    for source in DaemonSources.paths where source.hasPrefix("edged/") {
      #expect(!DaemonSources.text(source).contains(word), "\(source) says \(word)")
    }
  }

  @Test(arguments: LogTopic.allCases) func everyTopicHasARow(topic: LogTopic) {
    #expect(guide.rows.contains { $0.section == .log(topic) }, "\(MessageSection.log(topic))")
  }

  @Test(arguments: speaking) func everyMessageHasItsRow(source: String) throws {
    for message in try #require(Self.messages[source]) {
      let text = message.text
      guard let section = message.section else {
        Issue.record("“\(text)” of \(source): DaemonMessage does not know where to look it up")
        continue
      }
      let lines = guide.rows.filter { $0.section == section }.flatMap(\.messages)
      // A line that is a message itself says no part of another one; a line made of several does.
      let isThere = lines.contains { line in
        line == text || !Self.texts.contains(line) && message.ranges(in: line) != nil
      }
      #expect(isThere, "“\(text)” of \(source) is not in \(section)")
    }
  }

  @Test func everyRowHasARemedy() {
    for row in guide.rows {
      let hasRemedy = row.hasRemedy
      #expect(hasRemedy, "\(row.section) does not say what to do about \(row.messages)")
    }
  }

  @Test func everyRowIsSaid() {
    let messages = Self.messages.values.flatMap(\.self)
    for row in guide.rows {
      let possible = messages.filter { $0.section == row.section }
      let isSaid = row.messages.contains { line in possible.contains { $0.ranges(in: line) != nil }
      }
      #expect(isSaid, "nobody says \(row.messages) in \(row.section)")
      for line in row.messages {
        for rest in Self.rest(of: line, besides: possible) where !Self.words.contains(rest) {
          Issue.record("nobody says “\(rest)” of “\(line)” in \(row.section)")
        }
      }
    }
  }

  /// The words of `line` that are in none of `messages`.
  private static func rest(of line: String, besides messages: [DaemonMessage]) -> [String] {
    var rest = line.indices.map { (index: $0, isSaid: false) }
    for range in messages.compactMap({ $0.ranges(in: line) }).flatMap(\.self) {
      for place in rest.indices where range.contains(rest[place].index) {
        rest[place].isSaid = true
      }
    }
    return rest.split { $0.isSaid || line[$0.index] == "…" }.map { run in
      String(run.map { line[$0.index] }).trimmingCharacters(in: .alphanumerics.inverted)
    }.filter { $0.contains(where: \.isLetter) }
  }
}
