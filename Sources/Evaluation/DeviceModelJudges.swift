import Acoustics
import Inference
import ModelFile
import Recognition

/// A device's model file ready to judge recordings exactly as the daemon would.
public struct DeviceModelJudges: Sendable {
  private let loaded: LoadedModel
  private let detector: LoadedDetector?

  /// Judges by `loaded`; `detector`, if given, segments speech instead of the model's own and must
  /// use the same mel bands.
  public init(_ loaded: LoadedModel, detector: LoadedDetector? = nil) {
    self.loaded = loaded
    self.detector = detector
  }

  /// Which detector segments speech.
  public var cutting: EnergyDetector.Parameters { recognition.parameters.detector }

  private var recognition: RecognitionTables {
    var tables = loaded.model.recognition
    guard let detector else { return tables }
    tables.parameters.detector = detector.parameters.detector
    tables.detector = detector.network
    return tables
  }

  /// The front end that computes its inputs.
  public var frontEnd: FrontEndDefinition { loaded.model.frontEnd.definition }

  /// The classes and the labels that they are published as.
  public var labels: ModelLabels {
    ModelLabels(loaded.model.labels.map { ($0.name, $0.label) })
  }

  /// A judge with its own memory. Keep the model and the detector alive while it is used.
  public func makeJudge(_ segmentation: Segmentation) -> any RecordingJudge {
    let model = loaded.model
    let kernels = loaded.kernels
    return Listener(
      recognition, frontEnd: model.frontEnd, variant: kernels.frontEnd,
      segmentation: segmentation
    ) { arena in
      IntegerClassifier(
        model.features, program: model.program, variant: kernels, arena: &arena)
    }
  }
}
