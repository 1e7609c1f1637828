import Acoustics
import FixedPoint
import Glibc
import Inference
import JSON
import Recognition

/// A model file, read into memory of its own, checked there, run once against its known answer and a known sound, and made read-only.
///
/// What happens to the file afterwards (overwritten, cut off, deleted) changes nothing here.
public final class LoadedModel: @unchecked Sendable {
  /// Where it was read from.
  public let path: String
  /// The model; its pointers are valid as long as this object lives.
  public let model: Model
  /// The kernels that made the known answer come out, to be used for this model and its front end: the fastest that this processor
  /// has, or portable ones when those computed or heard something else.
  public let kernels: KernelVariant
  /// The model card: data, licence, accuracy and so on, as the quantizer wrote it.
  public let card: JSONObject

  private let memory: PrivateMemory

  /// Files beyond this are refused.
  public static let maximumSize = 8 << 20

  /// Reads and checks the file at `path`.
  public init(path: String) throws(ModelLoadProblem) {
    self.path = path
    memory = try LoadedModel.read(path)
    let bytes = UnsafeRawBufferPointer(memory.bytes)
    do throws(ModelProblem) {
      model = try Model(bytes)
    } catch {
      let isFloat = error == .foreign && LoadedModel.looksLikeSafetensors(bytes)
      throw isFloat ? .floatModel(path: path) : .invalid(path: path, error)
    }
    card = try LoadedModel.card(of: model, path)
    let model = self.model
    do throws(ModelProblem) {
      kernels = try LoadedModel.kernels(hearing: model.frontEnd.isHeardAlike) {
        (variant) throws(ModelProblem) in
        try LoadedModel.checkKnownAnswer(of: model, variant: variant)
      }
    } catch {
      throw .invalid(path: path, error)
    }
    memory.makeReadOnly()
  }

  private static func card(of model: Model, _ path: String) throws(ModelLoadProblem) -> JSONObject {
    do throws(JSONProblem) {
      guard let card = try JSONValue(parsing: model.card).object else {
        throw JSONProblem(.unexpectedByte(model.card[0]), at: 0)
      }
      return card
    } catch {
      throw .card(path: path, error)
    }
  }

  /// Whether the fastest kernels of this processor failed the known answer or sound, which somebody should be told.
  public var hasFallenBack: Bool { kernels != .best }

  /// The fastest kernels if their front end `hears` as it must and `check` passes with them, else the portable ones if it passes with
  /// those; throws what those lead to.
  static func kernels(
    hearing hears: (FrontEndVariant) -> Bool = { _ in true },
    passing check: (KernelVariant) throws(ModelProblem) -> Void
  ) throws(ModelProblem) -> KernelVariant {
    if hears(KernelVariant.best.frontEnd) {
      do throws(ModelProblem) {
        try check(.best)
        return .best
      } catch .knownAnswer {}
    }
    try check(.portable)
    return .portable
  }

  static func checkKnownAnswer(
    of model: Model, variant: KernelVariant = .best
  ) throws(ModelProblem) {
    var counting = Arena.counting()
    _ = IntegerClassifier(
      model.features, program: model.program, variant: variant, arena: &counting)
    let memory = UnsafeMutableRawBufferPointer.allocate(
      byteCount: counting.used, alignment: Arena.alignment)
    defer { memory.deallocate() }
    var arena = Arena(memory)
    var classifier = IntegerClassifier(
      model.features, program: model.program, variant: variant, arena: &arena)
    try model.knownAnswer.check(&classifier)
  }

  private static func read(_ path: String) throws(ModelLoadProblem) -> PrivateMemory {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .unreadable(path: path, code: errno) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .unreadable(path: path, code: errno) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw .notAFile(path: path) }
    let size = Int(status.st_size)
    guard size > 0 else { throw .invalid(path: path, .tooShort(size: 0)) }
    guard size <= maximumSize else { throw .tooLarge(path: path, size: size) }
    guard let memory = PrivateMemory(size: size) else { throw .unreadable(path: path, code: errno) }
    var filled = 0
    while filled < size {
      let count = Glibc.read(descriptor, memory.bytes.baseAddress! + filled, size - filled)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw .unreadable(path: path, code: errno) }
      guard count > 0 else { throw .changing(path: path) }
      filled += count
    }
    return memory
  }

  private static func looksLikeSafetensors(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard bytes.count > 10, bytes[8] == UInt8(ascii: "{") else { return false }
    return bytes.load(as: UInt64.self) < UInt64(bytes.count)
  }
}
