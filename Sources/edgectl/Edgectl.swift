import ArgumentParser
import Console
import EventStream

/// The command-line tool for the device: each subcommand is a file of this folder. Those that need
/// the workstation's libraries are in another program, see `ToolCommand`.
@main struct Edgectl: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "edgectl",
    abstract: "Watch what edged hears, and manage its devices and models.",
    version: Release.version,
    subcommands: [
      Tail.self, Status.self, Doctor.self, Setup.self, Pause.self, Resume.self, Call.self,
      Meter.self, Devices.self,
      Inspect.self, Bench.self, Quantize.self, Eval.self, Classify.self, Features.self,
      Segments.self,
    ])

  /// Checks the subcommand before anything else: the argument parser would report an unknown one as
  /// a surplus argument, and knows little of the commands that are passed on.
  static func main() {
    StandardDescriptors.occupy()
    var words = CommandLine.arguments.dropFirst()
    let isHelp = words.first == "help"
    if isHelp { words = words.dropFirst() }
    if let word = words.first, !word.hasPrefix("-") { check(word, isHelp: isHelp) }
    runAndExit()
  }

  private static func check(_ word: String, isHelp: Bool) {
    let names = configuration.subcommands.map { $0._commandName }
    guard let command = configuration.subcommands.first(where: { $0._commandName == word }) else {
      guard word != "help" else { return }
      leave(
        ValidationError(
          "there is no command “\(word)”: there are \(names.joined(separator: ", "))."))
    }
    guard isHelp, command is any ToolCommand.Type else { return }
    do {
      try ToolProgram.become(subcommand: word, arguments: ["--help"])
    } catch {
      leave(error)
    }
  }
}
