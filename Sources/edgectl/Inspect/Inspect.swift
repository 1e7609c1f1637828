import ArgumentParser
import Console
import JSON
import ModelFile

/// `edgectl inspect`: what is in a device's model file.
struct Inspect: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show what a model file contains: classes, front end, network, sizes, model card.",
    discussion: """
      Reads and checks the file as the daemon does, including its known answer: a model that can be inspected can be used. It \
      also shows a speech detector's own file.
      """)

  @Argument(
    help: ArgumentHelp("The device's model, or a speech detector's file.", valueName: "model.edge"),
    completion: .file(extensions: ["edge"]))
  var model = LoadedModel.installedPath

  @Flag(
    help:
      "Show the memory of one stream, part by part, with the address and the lifetime of each tensor."
  )
  var plan = false

  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    let loaded: LoadedModel
    do throws(ModelLoadProblem) {
      loaded = try LoadedModel(path: model)
    } catch {
      guard case .detector = error else { throw error }
      return try showDetector()
    }
    let description = ModelDescription(loaded)
    try show(description.text(withPlan: plan), description.json)
  }

  private func showDetector() throws {
    guard let description = DetectorDescription(try LoadedDetector(path: model)) else {
      throw ModelLoadProblem.detector(path: model)
    }
    try show(description.text, description.json)
  }

  private func show(_ text: String, _ object: JSONValue) throws {
    if json {
      try StandardOutput.line(object)
    } else {
      try StandardOutput.text(text)
    }
  }
}
