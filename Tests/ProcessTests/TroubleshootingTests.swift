import Foundation
import Service
import Testing

/// docs/TROUBLESHOOTING.md knows the messages: somebody who pastes one into a search finds what to
/// do.
struct TroubleshootingTests {
  private let guide: String

  init() throws {
    guide = Self.normalized(try Self.text("docs/TROUBLESHOOTING.md").replacing("\\`", with: "`"))
  }

  private static func text(_ path: String) throws -> String {
    try String(contentsOf: Repository.root.appending(path: path), encoding: .utf8)
  }

  private static func normalized(_ text: String) -> String {
    text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  @Test(arguments: LogTopic.allCases) func everyTopicHasItsPlace(topic: LogTopic) {
    let isThere = guide.contains(topic.rawValue)
    #expect(isThere, "docs/TROUBLESHOOTING.md lacks \(topic), \(topic.rawValue)")
  }

  /// Where the sentences stand that are logged. Those about a configuration carry their remedy,
  /// those of a damaged model the damage.
  private static let sources = [
    "Sources/Capture/OpenProblem.swift", "Sources/Capture/WaveFile.swift",
    "Sources/Capture/WaveReplay.swift", "Sources/edged/Options.swift",
    "Sources/EventStream/SocketProblem.swift",
    "Sources/ModelFile/Loading/ModelLoadProblem.swift", "Sources/edged/Daemon.swift",
    "Sources/edged/Daemon+Control.swift", "Sources/edged/Daemon+Reload.swift",
    "Sources/edged/Daemon+Service.swift",
    "Sources/edged/Daemon+Reports.swift", "Sources/edged/Plan+Doubts.swift",
  ]

  /// Takes the literals apart at what is interpolated: the longest fixed piece of each must be in
  /// the guide.
  @Test(arguments: sources) func everySentenceHasItsLine(source: String) throws {
    let code = try Self.text(source).split(separator: "\n")
      .filter { !$0.drop { $0 == " " }.hasPrefix("//") }.joined(separator: "\n")
    var count = 0
    for literal in code.matches(of: /"((?:[^"\\\n]|\\[^(]|\\\((?:[^()]|\([^()]*\))*\))*)"/) {
      let pieces = literal.output.1.split(separator: /\\\((?:[^()]|\([^()]*\))*\)/)
      guard let longest = pieces.max(by: { $0.count < $1.count }).map({ Self.normalized("\($0)") }),
        longest.contains(" "), longest.count > 10
      else { continue }
      count += 1
      let isThere = guide.contains(longest)
      #expect(isThere, "docs/TROUBLESHOOTING.md lacks “\(longest)” of \(source)")
    }
    #expect(count > 0)
  }
}
