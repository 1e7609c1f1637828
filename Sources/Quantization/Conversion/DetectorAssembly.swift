import ModelFile
import Recognition

/// Makes a detector's own file from a model of two classes.
///
/// A network that detects speech is converted like any other. Its sections then get the kinds under
/// which a model file stores a detector, so that they can be copied there unchanged.
struct DetectorAssembly {
  let model: FloatModel
  let thresholds: NetworkDetector.Parameters

  private static let kinds: [(of: SectionKind, becomes: SectionKind)] = [
    (.features, .detectorFeatures), (.operators, .detectorOperators),
    (.tensors, .detectorTensors), (.weights, .detectorWeights),
    (.knownFrames, .detectorKnownFrames), (.knownLogits, .detectorKnownLogits),
  ]

  /// The detector file for `converted`, the model's file.
  func file(_ converted: [UInt8]) throws(QuantizationProblem) -> [UInt8] {
    let memory = AlignedMemory(converted)
    defer { withExtendedLifetime(memory) {} }
    var writer = ModelContainerWriter()
    do throws(ModelProblem) {
      let container = try ModelContainer(memory.bytes)
      for kind in [SectionKind.frontEnd, .card] {
        guard let section = container.section(kind) else { throw .missing(kind) }
        writer.add(kind, bytes: Array(section))
      }
      for (kind, becomes) in DetectorAssembly.kinds {
        guard let section = container.section(kind) else { throw .missing(kind) }
        writer.add(becomes, bytes: Array(section))
      }
    } catch {
      throw .refused(error)
    }
    writer.add(.recognition, elements: [model.recognition])
    writer.add(.detector, elements: [thresholds])
    return writer.file()
  }
}
