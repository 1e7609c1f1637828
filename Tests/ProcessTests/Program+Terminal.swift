import Foundation
import TestSupport

extension Program {
  /// Runs `command`, a line of the shell, to its end on a pseudo-terminal of so many columns (0 where
  /// the terminal does not know them), which TERM calls `type`. What goes to standard error is in the
  /// output too.
  static func onTerminal(
    _ command: String, columns: Int = 80, type: String = "xterm"
  ) throws -> Outcome {
    let setUp = "export TERM=\(type) NO_COLOR= COLUMNS=; stty cols \(columns)"
    return try run(onPath("script"), ["-qec", "\(setUp); \(command)", "/dev/null"])
  }
}

extension Program.Outcome {
  /// What was written into lines of a terminal, each time anew, without the escape sequences.
  var rows: [String] {
    output.replacing(/\u{1b}\[[0-9;]*[A-Za-z]/, with: "").split(whereSeparator: \.isNewline)
      .map(String.init)
  }
}
