import Acoustics
import Evaluation
import ModelFile
import Quantization
import Recognition

/// A model file of either kind, recognized by its contents.
enum AnyModel: Sendable {
  case device(DeviceModelJudges)
  case float(FloatModelJudges)

  /// Reads the file at `path`; `detector`, if given, segments speech instead of its own.
  init(path: String, detector: LoadedDetector? = nil) throws {
    let loaded: LoadedModel
    do throws(ModelLoadProblem) {
      loaded = try LoadedModel(path: path)
    } catch {
      // A pattern after `catch` would be shorter, but crashes the compiler of Swift 6.2.
      guard case .floatModel = error else { throw error }
      self = .float(try FloatModelJudges(FloatModelFile.read(path), detector: detector))
      return
    }
    try detector?.check(for: loaded.model.frontEnd.definition)
    self = .device(DeviceModelJudges(loaded, detector: detector))
  }

  /// Which detector segments speech.
  var cutting: EnergyDetector.Parameters {
    switch self {
    case .device(let judges): judges.cutting
    case .float(let judges): judges.cutting
    }
  }

  /// The classes and the labels that they are published as.
  var labels: ModelLabels {
    switch self {
    case .device(let judges): judges.labels
    case .float(let judges): judges.labels
    }
  }

  /// The front end that computes its inputs.
  var frontEnd: FrontEndDefinition {
    switch self {
    case .device(let judges): judges.frontEnd
    case .float(let judges): judges.frontEnd
    }
  }

  /// A judge with its own memory; judges may run concurrently. A float model makes all interim
  /// decisions only if `withInterims`: each costs as much as a final one.
  func makeJudge(_ segmentation: Segmentation, withInterims: Bool) -> any RecordingJudge {
    switch self {
    case .device(let judges): judges.makeJudge(segmentation)
    case .float(let judges): judges.makeJudge(segmentation, withInterims: withInterims)
    }
  }
}
