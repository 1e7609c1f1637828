import Acoustics
import ArgumentParser
import Evaluation
import ModelFile
import Quantization
import Recognition

/// The detector to use instead of a model's own, or without a model.
struct DetectorOption: ParsableArguments {
  @Option(
    name: .customLong("detector"),
    help: ArgumentHelp(
      "Detect speech with the detector in this file: a speech detector's own, or a device's model. Without it: as the model says, if there is one, or else by energy.",
      valueName: "detector.edge"), completion: .file(extensions: ["edge"]))
  var path: String?

  /// The file, read and checked; nil if none was named.
  func load() throws -> LoadedDetector? {
    try path.map { path throws(ModelLoadProblem) in try LoadedDetector(path: path) }
  }

  /// How to process recordings without a model: with the front end that was named, or else the
  /// detector's.
  func cutting(_ option: FrontEndOption) throws -> Cutting {
    let detector = try load()
    let definition = try option.given() ?? detector?.frontEnd.definition ?? FrontEndDefinition()
    if let detector, !definition.hasBands(of: detector.frontEnd.definition) {
      throw DetectorMismatch.frontEnd(path: detector.path)
    }
    return Cutting(frontEnd: definition, detector: detector)
  }
}

/// A front end and the detector after it.
struct Cutting {
  let frontEnd: FrontEndDefinition
  let detector: LoadedDetector?

  /// A recorder over the tables of `device`, which outlives it.
  func recorder(_ device: StandaloneFrontEnd) -> SpeechRecorder {
    SpeechRecorder(
      device.tables, parameters: detector?.parameters ?? .standard, network: detector?.network)
  }
}
