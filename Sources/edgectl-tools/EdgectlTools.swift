import ArgumentParser
import Console
import EventStream

/// The subcommands of `edgectl` for a workstation: converting, measuring and inspecting models.
/// Each subcommand is a file of this folder.
@main struct EdgectlTools: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "edgectl",
    abstract: "Convert, measure and inspect models for edged.",
    version: Release.version,
    subcommands: [Classify.self, Eval.self, Features.self, Quantize.self, Segments.self])

  static func main() {
    StandardDescriptors.occupy()
    runAndExit()
  }
}
