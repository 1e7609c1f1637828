import Acoustics
import ModelFile
import Recognition

/// Why a model and a detector do not match.
public enum DetectorMismatch: Error, Equatable, CustomStringConvertible {
  /// The model's speech is segmented by a network that was not given.
  case missing
  /// A detector was given as the model.
  case noModel
  /// The given file detects speech by energy alone.
  case noNetwork(path: String)
  /// The detector uses other mel bands than the model's front end computes.
  case frontEnd(path: String)

  /// One sentence: what, where, what to do.
  public var description: String {
    switch self {
    case .missing:
      "a network cuts this model's speech: name the detector's file with --detector."
    case .noModel:
      "a speech detector names no emotions: name a model, and the detector's file with --detector."
    case .noNetwork(let path):
      "\(path) has no network that hears speech: give a detector's file, or leave --detector out."
    case .frontEnd(let path):
      "\(path) hears other mel bands than this front end makes: give a detector that was trained for"
        + " the same frames, bands and frequencies."
    }
  }
}

extension FrontEndDefinition {
  /// Whether the mel bands of both are the same numbers.
  public func hasBands(of other: FrontEndDefinition) -> Bool {
    sampleRate == other.sampleRate && frame == other.frame && hop == other.hop && fft == other.fft
      && bands == other.bands && minimumFrequency == other.minimumFrequency
      && maximumFrequency == other.maximumFrequency
  }
}

extension LoadedDetector {
  /// Refuses to segment the speech of a model of `frontEnd` without a network for its bands.
  public func check(for frontEnd: FrontEndDefinition) throws(DetectorMismatch) {
    guard network != nil else { throw .noNetwork(path: path) }
    guard frontEnd.hasBands(of: self.frontEnd.definition) else { throw .frontEnd(path: path) }
  }
}

extension FloatModel {
  /// The model with its speech segmented by `detector` instead of its own detector.
  public func cut(by detector: LoadedDetector) throws(DetectorMismatch) -> FloatModel {
    try detector.check(for: frontEnd)
    var model = self
    model.recognition.detector = detector.parameters.detector
    return model
  }

  /// Refuses to continue without the network that segments the model's speech.
  public func checkDetector(_ detector: LoadedDetector?) throws(DetectorMismatch) {
    if recognition.detector.hasNetwork, self.detector == nil, detector == nil { throw .missing }
  }
}
