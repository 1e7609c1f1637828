import Acoustics
import ArgumentParser
import Evaluation
import ModelFile
import Quantization
import Recognition

/// The detector to use instead of a model's own.
struct DetectorOption: ParsableArguments {
  @Option(
    name: .customLong("detector"),
    help: ArgumentHelp(
      "Detect speech with the detector in this file: a speech detector's own, or a device's model. Without it: as the model says, or else by energy.",
      valueName: "detector.edge"), completion: .file(extensions: ["edge"]))
  var path: String?

  /// The file, read and checked; nil if none was named.
  func load() throws -> LoadedDetector? { try LoadedDetector.named(path) }
}

/// The detector of a command without a model.
struct CuttingOption: ParsableArguments {
  @Option(
    name: .customLong("detector"),
    help: ArgumentHelp(
      "Detect speech with the detector in this file: a speech detector's own, or a device's model. Without it: by energy.",
      valueName: "detector.edge"), completion: .file(extensions: ["edge"]))
  var path: String?

  /// How to process recordings: with the front end that was named, or else the detector's.
  func cutting(_ option: FrontEndOption) throws -> Cutting {
    let detector = try LoadedDetector.named(path)
    let definition = try option.given() ?? detector?.frontEnd.definition ?? FrontEndDefinition()
    if let detector, !definition.hasBands(of: detector.frontEnd.definition) {
      throw DetectorMismatch.frontEnd(path: detector.path)
    }
    return Cutting(frontEnd: definition, detector: detector)
  }
}

extension LoadedDetector {
  /// The detector in the file at `path`, if there is one.
  fileprivate static func named(_ path: String?) throws -> LoadedDetector? {
    try path.map { path throws(ModelLoadProblem) in try LoadedDetector(path: path) }
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
