import ArgumentParser
import EventStream

/// What a person types on the device: each subcommand is a file of this folder. Those that need the
/// workstation's libraries are found in another program, see `ToolCommand`.
@main struct Edgectl: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "edgectl",
    abstract: "Watch what edged hears, and look after its devices and models.",
    version: Release.version,
    subcommands: [
      Tail.self, Status.self, Doctor.self, Setup.self, Pause.self, Resume.self, Call.self,
      Meter.self, Devices.self,
      Inspect.self, Bench.self, Quantize.self, Eval.self, Classify.self, Features.self,
      Segments.self,
    ])

  /// Looks at the first word before anything else: the parser of arguments would take one that is
  /// no command for a surplus one.
  static func main() {
    let names = configuration.subcommands.map { $0._commandName }
    if let word = CommandLine.arguments.dropFirst().first, !word.hasPrefix("-"),
      !(names + ["help"]).contains(word)
    {
      exit(
        withError: ValidationError(
          "there is no command “\(word)”: there are \(names.joined(separator: ", "))."))
    }
    main(nil)
  }
}
