import FixedPoint
import Inference
import ModelFile

/// Why a float model cannot become an int8 one.
public enum QuantizationProblem: Error, Equatable {
  /// No speech was found in the calibration clips.
  case noSpeech
  /// The ratio of an operator's scales is outside the device's range.
  case scale(operator: String, Rescaler.Problem)
  /// An operator's output on the calibration clips is not finite.
  case unbounded(operator: String)
  /// The deviation of a coefficient is outside the device's range.
  case deviation(Requantizer.Problem)
  /// A class's name or label does not fit into the file.
  case label(String)
  /// The model card is longer than the file allows.
  case card(size: Int)
  /// The file would have this many bytes, more than a device reads.
  case tooLarge(size: Int)
  /// The resulting file does not pass its own check.
  case refused(ModelProblem)
}

extension QuantizationProblem: CustomStringConvertible {
  /// One sentence: what, where, what to do.
  public var description: String {
    switch self {
    case .noSpeech:
      "no speech was detected in the calibration clips: give clips with speech at a usual level."
    case .scale(let name, let problem):
      "the scales of “\(name)” do not fit together (\(problem)): its weights or activations are"
        + " out of all proportion."
    case .unbounded(let name):
      "what “\(name)” makes of the calibration clips is infinite or no number: its weights are out"
        + " of all proportion."
    case .deviation(let problem):
      "the standardization cannot be represented (\(problem)): a deviation is far too small."
    case .label(let name):
      "class “\(name)” needs a name of 1 to 31 characters out of a–z, 0–9, “_” and “-”."
    case .card(let size):
      "the model card has \(size) bytes and \(Model.maximumCardSize) are allowed: shorten"
        + " “provenance”."
    case .tooLarge(let size):
      "the device's file would have \(size) bytes or more and \(LoadedModel.maximumSize) are allowed:"
        + " take a smaller network."
    case .refused(let problem):
      "the converted model is not usable: \(problem)."
    }
  }
}
