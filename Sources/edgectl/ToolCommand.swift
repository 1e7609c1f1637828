import ArgumentParser
import Glibc

/// A subcommand that lives in `edgectl-tools`, the workstation's program, and is typed the same
/// everywhere.
///
/// FFTW and libsndfile, which these need, stay off the device. As git does with its own
/// subcommands, `edgectl` looks for the program that has them and becomes it, with the same
/// arguments; the exit code is the program's own.
protocol ToolCommand: ParsableCommand {
  /// Everything after the subcommand, `--help` included.
  var arguments: [String] { get }
}

extension ToolCommand {
  func run() throws {
    try ToolProgram.become(subcommand: Self._commandName, arguments: arguments)
  }
}

/// Where `edgectl-tools` is, and how to become it.
enum ToolProgram {
  static let name = "edgectl-tools"

  /// Replaces this process by `edgectl-tools SUBCOMMAND ARGUMENTS…`. Returns only by throwing.
  static func become(subcommand: String, arguments: [String]) throws {
    for path in candidates() where access(path, X_OK) == 0 {
      let words = [path, subcommand] + arguments
      let vector = words.map { strdup($0) } + [nil]
      execv(path, vector)
      throw ToolsUnstartable(path: path, reason: String(cString: strerror(errno)))
    }
    throw ToolsMissing(subcommand: subcommand)
  }

  /// The places to look: beside this program, the package's folder, then PATH.
  private static func candidates() -> [String] {
    let folders = [ownFolder(), "/usr/libexec/edged"] + searchPath()
    return folders.compactMap { $0 }.map { "\($0)/\(name)" }
  }

  private static func ownFolder() -> String? {
    guard let resolved = realpath("/proc/self/exe", nil) else { return nil }
    defer { free(resolved) }
    let path = String(cString: resolved)
    return path.lastIndex(of: "/").map { String(path[..<$0]) }
  }

  private static func searchPath() -> [String] {
    guard let path = getenv("PATH") else { return [] }
    return String(cString: path).split(separator: ":").map(String.init)
  }
}

/// The one thing to do when the workstation's program is not installed.
struct ToolsMissing: Error, CustomStringConvertible {
  let subcommand: String

  var description: String {
    "“edgectl \(subcommand)” is part of the package edged-tools, which is not installed: "
      + "run “apt install edged-tools”, or put edgectl-tools beside edgectl or into PATH."
  }
}

/// The program is there but the system refuses to run it.
struct ToolsUnstartable: Error, CustomStringConvertible {
  let path: String
  let reason: String

  var description: String {
    "cannot start \(path): \(reason); install edged-tools again, or build it for this machine."
  }
}
