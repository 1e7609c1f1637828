import Acoustics
import Inference
import JSON
import Recognition

/// A model file, read into private memory, checked there, run once against its known answer and a
/// known sound, and made read-only.
///
/// Later changes to the file (overwritten, truncated, deleted) have no effect here.
public final class LoadedModel: @unchecked Sendable {
  /// Where it was read from.
  public let path: String
  /// The model; its pointers are valid while this object lives.
  public let model: Model
  /// The kernels that gave the right answers, to be used for this model and its front end: the
  /// fastest that this processor has, or portable ones if those gave wrong results.
  public let kernels: KernelVariant
  /// The model card: data, licence, accuracy and so on, as the quantizer wrote it.
  public let card: JSONObject

  private let memory: PrivateMemory

  /// Path of the model that is installed with the daemon.
  public static let installedPath = "/usr/share/edged/emotion.edge"

  /// Larger files are refused.
  public static let maximumSize = 8 << 20

  /// Least samples from frame to frame, 5 ms: the device's buffers hold the events of at most this
  /// many frames per second.
  public static let shortestHop = 80

  /// Reads and checks the file at `path`.
  public init(path: String) throws(ModelLoadProblem) {
    self.path = path
    memory = try ModelBytes.read(path)
    let bytes = UnsafeRawBufferPointer(memory.bytes)
    var model: Model
    do throws(ModelProblem) {
      model = try Model(bytes)
      try LoadedModel.checkPace(of: model)
    } catch {
      throw ModelBytes.problem(error, bytes, path: path)
    }
    card = try LoadedModel.card(of: model, path)
    do throws(ModelProblem) {
      kernels = try LoadedModel.kernels(hearing: model.frontEnd.isHeardAlike) {
        (variant) throws(ModelProblem) in
        try LoadedModel.checkKnownAnswer(of: model, variant: variant)
        if let detector = model.detector { try detector.checkKnownAnswer(variant: variant) }
      }
    } catch {
      throw .invalid(path: path, error)
    }
    model.recognition.detector?.kernels = kernels
    self.model = model
    memory.makeReadOnly()
  }

  /// Refuses a model for another rate than the device's, or with too many frames per second.
  private static func checkPace(of model: Model) throws(ModelProblem) {
    let pace = model.frontEnd.definition
    guard pace.sampleRate == Resampler.outputRate, pace.hop >= shortestHop else {
      throw .pace(sampleRate: pace.sampleRate, hop: pace.hop)
    }
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

  /// Whether the fastest kernels of this processor failed the known answer or sound, which should
  /// be reported.
  public var hasFallenBack: Bool { kernels != .best }

  /// The fastest kernels if their front end passes `hears` and they give the known answer;
  /// otherwise the portable ones. Throws what `check` throws.
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
    try model.knownAnswer.check(model.features, program: model.program, variant: variant)
  }
}

extension KnownAnswer {
  /// Runs the frames through an integer classifier in memory of its own.
  func check(
    _ features: FeatureTables, program: Program, variant: KernelVariant
  ) throws(ModelProblem) {
    let memory = ArenaMemory {
      _ = IntegerClassifier(features, program: program, variant: variant, arena: &$0)
    }
    defer { withExtendedLifetime(memory) {} }
    var arena = memory.arena()
    var classifier = IntegerClassifier(
      features, program: program, variant: variant, arena: &arena)
    try check(&classifier)
  }
}

extension DetectorModel {
  /// Runs the detector's known answer.
  func checkKnownAnswer(variant: KernelVariant = .best) throws(ModelProblem) {
    try knownAnswer.check(tables.features, program: tables.program, variant: variant)
  }
}
