import ArgumentParser
import Glibc

extension ParsableCommand {
  /// Parses the command line and runs the command that it names. Like `main()`, but errors are
  /// reported like all other messages: in a line that begins with the program's name.
  public static func runAndExit() {
    do {
      var command = try parseAsRoot()
      do {
        try command.run()
      } catch let error as ValidationError {
        leave(error, usageOf: type(of: command))
      }
    } catch {
      leave(error)
    }
  }

  /// Ends the program because the arguments of `command`, one of ours, are refused: says why, and
  /// how it is used.
  private static func leave(
    _ error: ValidationError, usageOf command: any ParsableCommand.Type
  ) -> Never {
    let names = self == command ? _commandName : "\(_commandName) \(command._commandName)"
    StandardError.note(
      lines: """
        \(error)
        Usage: \(usageString(for: command))
          See '\(names) --help' for more information.
        """)
    Glibc.exit(ExitCode.validationFailure.rawValue)
  }

  /// Ends the program because of `error`: help goes to standard output, everything else to standard
  /// error.
  public static func leave(_ error: any Error) -> Never {
    let code = exitCode(for: error)
    let text = fullMessage(for: error)
    if code == .success { leave(saying: text) }
    let word = "Error: "
    guard text.hasPrefix(word) else { exit(withError: error) }
    let message = String(text.dropFirst(word.count))
    if code == .validationFailure {
      StandardError.note(lines: message)
    } else {
      StandardError.note(message)
    }
    Glibc.exit(code.rawValue)
  }

  /// Ends the program with the text that was asked for, such as help; with an error where it cannot
  /// be written.
  private static func leave(saying text: String) -> Never {
    do {
      if !text.isEmpty { try StandardOutput.line(text) }
    } catch {
      leave(error)
    }
    exit()
  }
}
