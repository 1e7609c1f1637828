import Foundation

/// The sources that the daemon is built of.
enum DaemonSources {
  /// `edged`, and all modules that it and the others import.
  static let modules: [String] = {
    var modules = ["edged"]
    var index = 0
    while index < modules.count {
      for line in paths(of: modules[index]).flatMap({ text($0).split(separator: "\n") })
      where line.hasPrefix("import ") {
        let name = String(line.dropFirst("import ".count))
        if !modules.contains(name), !paths(of: name).isEmpty { modules.append(name) }
      }
      index += 1
    }
    return modules.sorted()
  }()

  /// All of them, below Sources.
  static let paths = modules.flatMap(paths(of:))

  /// The source at `path`.
  static func text(_ path: String) -> String {
    let place = Repository.root.appending(path: "Sources/\(path)")
    return (try? String(contentsOf: place, encoding: .utf8)) ?? ""
  }

  /// Types to which a sentence is given away from their declaration.
  static let describedTypes = Set(
    lines.compactMap {
      $0.wholeMatch(of: /(?:\w+ )?extension (\w+): CustomStringConvertible \{/).map { String($0.1) }
    })

  /// Errors that are part of another one: `case program(ProgramProblem)`.
  static let carriedErrors = Set(
    lines.compactMap {
      $0.wholeMatch(of: /\ +case \w+\(.*?((?:\w+\.)?\w*Problem)\)/).map { String($0.1) }
    })

  private static let lines = paths.flatMap { path in
    text(path).split(separator: "\n").filter { $0.contains("case ") || $0.contains("extension ") }
  }

  /// The sources of one module.
  private static func paths(of module: String) -> [String] {
    let folder = Repository.root.appending(path: "Sources/\(module)")
    let names = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String }
    return (names ?? []).filter { $0.hasSuffix(".swift") }.map { "\(module)/\($0)" }.sorted()
  }
}
