import FixedPoint
import Inference
import ModelFile
import Recognition

/// A device's model file ready to judge recordings, exactly as the daemon would.
public struct DeviceModelJudges: Sendable {
  private let loaded: LoadedModel

  /// Judges by `loaded`.
  public init(_ loaded: LoadedModel) {
    self.loaded = loaded
  }

  /// The classes and the labels that they are published as.
  public var labels: ModelLabels {
    ModelLabels(loaded.model.labels.map { ($0.name, $0.label) })
  }

  /// A judge of its own memory. Keep the loaded model while it is used.
  public func makeJudge(_ segmentation: Segmentation) -> any RecordingJudge {
    let model = loaded.model
    let kernels = loaded.kernels
    let listener = Listener(
      model.recognition, frontEnd: model.frontEnd, variant: kernels.frontEnd,
      segmentation: segmentation
    ) { arena in
      IntegerClassifier(
        model.features, program: model.program, variant: kernels, arena: &arena)
    }
    return listener.judge(labels)
  }
}
