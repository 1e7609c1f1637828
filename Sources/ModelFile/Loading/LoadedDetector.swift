import Acoustics
import Inference
import JSON
import Recognition

/// How a file detects speech: a model's file, or one that holds only a detector.
///
/// A detector's own file has the sections of its front end, its segmentation, its card and its
/// network, and no emotions. It is read into private memory, checked and run against its known
/// answer like a model.
public final class LoadedDetector: @unchecked Sendable {
  /// Where it was read from.
  public let path: String
  /// The file's digest in hexadecimal.
  public let identifier: String
  /// The front end whose bands are used.
  public let frontEnd: FrontEndTables
  /// How a stream is segmented; in a detector's own file the standard segmentation, with the
  /// thresholds of its gate.
  public let parameters: RecognitionParameters
  /// The network; nil in a model that detects speech by energy alone. Its pointers are valid while
  /// this object lives.
  public let network: DetectorTables?
  /// The sections of the network, to be copied into a model's file.
  public let sections: [(kind: SectionKind, bytes: [UInt8])]
  /// The card of the file.
  public let card: JSONValue

  private let memory: PrivateMemory

  /// Reads and checks the file at `path`.
  public init(path: String) throws(ModelLoadProblem) {
    self.path = path
    memory = try ModelBytes.read(path)
    let bytes = UnsafeRawBufferPointer(memory.bytes)
    do throws(ModelProblem) {
      let container = try ModelContainer(bytes)
      identifier = container.identifier
      frontEnd = try Model.frontEnd(container)
      parameters = try Model.parameters(container)
      let detector = try Model.detector(
        container, frontEnd.definition, parameters.detector)
      var network = detector?.tables
      network?.kernels = try LoadedModel.kernels { (variant) throws(ModelProblem) in
        try detector?.checkKnownAnswer(variant: variant)
      }
      self.network = network
      var sections: [(kind: SectionKind, bytes: [UInt8])] = []
      for kind in SectionKind.ofDetector {
        if let section = container.section(kind) { sections.append((kind, Array(section))) }
      }
      self.sections = sections
      card = container.section(.card).flatMap { try? JSONValue(parsing: $0) } ?? .null
    } catch {
      let problem = ModelBytes.problem(error, bytes, path: path)
      throw problem == .floatModel(path: path)
        ? .floatModel(path: path, converted: "detector.edge") : problem
    }
    memory.makeReadOnly()
  }
}
