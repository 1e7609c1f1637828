import ArgumentParser
import Console
import ModelFile

/// `edgectl inspect`: what is in a device's model file.
struct Inspect: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show what is in a model file: classes, front end, network, sizes, model card.",
    discussion: """
      The file is read and checked as the daemon does it, its known answer included: a model that can be inspected \
      can be used.
      """)

  @Argument(
    help: ArgumentHelp("The device's model.", valueName: "model.edge"),
    completion: .file(extensions: ["edge"]))
  var model: String

  @Flag(help: "Show the memory of one stream, part by part, and where each tensor lies and when.")
  var plan = false

  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    let description = ModelDescription(try LoadedModel(path: model))
    if json {
      try StandardOutput.line(description.json)
    } else {
      try StandardOutput.text(description.text(withPlan: plan))
    }
  }
}
