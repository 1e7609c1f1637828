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

  /// What the daemon consists of.
  private static let modules = [
    "Acoustics", "Affect", "Announcement", "Capture", "EventStream", "FixedPoint", "Inference",
    "JSON", "ModelFile", "Recognition", "Service", "Settings", "SoundDevices", "Threads", "edged",
  ]

  /// Where sentences of the daemon stand that the guide does not list one by one, as beginnings of
  /// paths.
  private static let elsewhere = [
    // What is wrong with a configuration: each names its line and carries its remedy.
    "Affect/AffectSettings", "Settings/", "SoundDevices/DeviceName",
    "edged/Plan.swift", "edged/PlanReading", "edged/Plan+Surroundings",
    // The second half of a sentence whose first half is in the guide: what is damaged of a model,
    // what a card offers, what libasound lacks.
    "Capture/ALSAConfigurationSpace", "Capture/CaptureControl", "Capture/Negotiation", "JSON/",
    "ModelFile/Loading/ModelProblem+Description", "ModelFile/Loading/Operator+Words",
    "ModelFile/Loading/SectionKind+Words", "ModelFile/Reading/",
    // What a client is answered, and what a client says that finds no daemon.
    "EventStream/ConnectionProblem", "EventStream/EventServer", "EventStream/Request",
  ]

  /// Every source of the daemon that has a sentence and is not `elsewhere`.
  private static let sources: [String] = modules.flatMap { module in
    let folder = Repository.root.appending(path: "Sources/\(module)")
    let paths = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String }
    return (paths ?? []).filter { $0.hasSuffix(".swift") }.map { "\(module)/\($0)" }.sorted()
  }.filter { path in
    !elsewhere.contains { path.hasPrefix($0) } && (try? sentences(of: path))?.isEmpty == false
  }

  /// The longest fixed piece of each literal of a source that is a sentence; what a programming
  /// error says, and comments, are left out.
  private static func sentences(of source: String) throws -> [String] {
    let code = try text("Sources/\(source)").split(separator: "\n")
      .filter { !$0.drop { $0 == " " }.hasPrefix("//") && !$0.contains("precondition") }
      .joined(separator: "\n")
    return code.matches(of: /"((?:[^"\\\n]|\\[^(]|\\\((?:[^()]|\([^()]*\))*\))*)"/).compactMap {
      let pieces = $0.output.1.split(separator: /\\\((?:[^()]|\([^()]*\))*\)/)
      let longest = pieces.max { $0.count < $1.count }.map { normalized("\($0)") }
      return longest.flatMap { $0.contains(" ") && $0.count > 10 ? $0 : nil }
    }
  }

  @Test func theSourcesOfTheDaemonAreFound() {
    #expect(Self.sources.count >= 14, "\(Self.sources)")
    #expect(Self.sources.contains("edged/Start.swift"))
    for path in Self.elsewhere {
      let isThere = Self.modules.contains { path.hasPrefix("\($0)/") }
      #expect(isThere, "\(path) is in no module of the daemon")
    }
  }

  /// Takes the literals apart at what is interpolated: the longest fixed piece of each must be in
  /// the guide.
  @Test(arguments: sources) func everySentenceHasItsLine(source: String) throws {
    for sentence in try Self.sentences(of: source) {
      let isThere = guide.contains(sentence)
      #expect(isThere, "docs/TROUBLESHOOTING.md lacks “\(sentence)” of \(source)")
    }
  }
}
