import ModelFile
import Recognition

/// Makes a detector's own file of a model of two classes.
///
/// A network that hears speech is converted like any other; then its sections get the kinds that a
/// model's file has for them, so that they can be put there as they are.
struct DetectorAssembly {
  let model: FloatModel
  let thresholds: NetworkDetector.Parameters

  private static let kinds: [(of: SectionKind, becomes: SectionKind)] = [
    (.features, .detectorFeatures), (.operators, .detectorOperators),
    (.tensors, .detectorTensors), (.weights, .detectorWeights),
    (.knownFrames, .detectorKnownFrames), (.knownLogits, .detectorKnownLogits),
  ]

  /// The detector's file of `converted`, the file of the model.
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
