/// Collects what is wrong with a configuration while it is read, so that all of it can be reported
/// at once.
public final class ConfigurationReview {
  private var found: [ConfigurationProblem] = []

  /// A review that has found nothing yet.
  public init() {}

  /// Whether a file or a line could not be read, so that what it sets is unknown.
  public var lacksFile: Bool { found.contains { [.unreadable, .syntax].contains($0.kind) } }

  /// Whether something is known to be wrong at `place`.
  func knows(_ place: Configuration.Place) -> Bool {
    found.contains { $0.file == place.file && $0.line == place.line }
  }

  /// Adds a problem.
  public func report(_ problem: ConfigurationProblem) { found.append(problem) }

  /// Adds a problem with the value at `place`.
  public func report(_ place: Configuration.Place, _ message: String) {
    report(ConfigurationProblem(.badValue, file: place.file, line: place.line, message: message))
  }

  /// Throws the problems found, if any: in the order of `files` and of their lines, those in no
  /// file last.
  public func check(orderedBy files: [String]) throws(ConfigurationProblems) {
    let ranks = Dictionary(
      files.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    let ordered = found.enumerated().sorted { left, right in
      let places = [left, right].map { (ranks[$0.element.file] ?? .max, $0.element.line ?? 0) }
      return places[0] == places[1] ? left.offset < right.offset : places[0] < places[1]
    }
    guard ordered.isEmpty else { throw ConfigurationProblems(ordered.map(\.element)) }
  }
}

/// Why a configuration was refused: all that is wrong with it.
public struct ConfigurationProblems: Error, Equatable, Sendable, CustomStringConvertible {
  /// Everything, at least one problem, in the order of files and lines.
  public let all: [ConfigurationProblem]

  init(_ all: [ConfigurationProblem]) { self.all = all }

  /// The first.
  public var first: ConfigurationProblem { all[0] }

  /// One sentence: the first, and how many more there are.
  public var description: String {
    switch all.count - 1 {
    case 0: first.description
    case let more: "\(first) (and \(more) more; `edged --check-config` lists them)"
    }
  }
}
