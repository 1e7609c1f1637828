import ArgumentParser
import Console
import EventStream

/// What a person types on a workstation, by way of `edgectl`: converting, measuring and looking
/// into models. Each subcommand is a file of this folder.
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
