import Foundation

/// Programs with file systems of their own in some places, so that they find there what this machine
/// does not have.
enum OwnMounts {
  /// Whether this machine lets the tests have them.
  static let areAllowed =
    (try? Program.run(Program.onPath("unshare"), ["-rm", "true"]))?.status == 0

  /// Runs `words` after `preparation`, commands of the shell, for which they are `"$@"`.
  static func run(_ preparation: String, _ words: [String]) throws -> Program.Outcome {
    try Program.run(
      Program.onPath("unshare"),
      ["-rm", "sh", "-ec", "\(preparation)\nexec \"$@\"", "sh"] + words)
  }
}
