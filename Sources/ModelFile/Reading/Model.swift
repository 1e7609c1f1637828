import Acoustics
import Inference
import Recognition

/// A model in memory, every part of it checked, so that its users need not check again.
///
/// All pointers lead into the bytes it was made from, which must outlive it unchanged;
/// `LoadedModel` ensures that.
public struct Model {
  /// SHA-256 of the file: names the model.
  public let digest: SHA256.Digest
  /// From samples to raw vectors.
  public let frontEnd: FrontEndTables
  /// From raw vectors to the network's int8 inputs.
  public let features: FeatureTables
  /// How speech is segmented, and the corpus mean of the talker's baseline.
  public internal(set) var recognition: RecognitionTables
  /// The network.
  public let program: Program
  /// The classes, in the order of the logits.
  public let labels: UnsafeBufferPointer<ClassLabel>
  /// The model card: JSON text.
  public let card: UnsafeRawBufferPointer
  /// The answer that it must give.
  public let knownAnswer: KnownAnswer
  /// The network that detects speech; nil if energy alone does.
  public let detector: DetectorModel?

  /// Largest size of a model card, in bytes.
  public static let maximumCardSize = 65_536

  /// Checks everything in an `.edge` file at `bytes`, which must start at a multiple of 64.
  ///
  /// Allocates nothing and reads nothing outside `bytes`, whatever they are. The known answer is
  /// not run: that needs an arena, see `KnownAnswer.check`.
  public init(_ bytes: UnsafeRawBufferPointer) throws(ModelProblem) {
    let container = try ModelContainer(bytes)
    digest = container.digest
    frontEnd = try Model.frontEnd(container)
    features = try Model.features(container, frontEnd)
    program = try container.program(.operators, .tensors, .weights)
    let classCount = program.classCount
    guard (2...Logits.maximumCount).contains(classCount) else { throw .classCount(classCount) }
    guard program.inputChannels == features.columns else {
      throw .inputChannels(network: program.inputChannels, features: features.columns)
    }
    recognition = try Model.recognition(
      container, width: frontEnd.definition.rawCount, classCount: classCount)
    detector = try Model.detector(
      container, frontEnd.definition, recognition.parameters.detector)
    recognition.detector = detector?.tables
    labels = UnsafeBufferPointer(
      start: try container.elements(.labels, of: ClassLabel.self, count: classCount),
      count: classCount)
    for index in 0..<classCount where !labels[index].isWellFormed { throw .label(at: index) }
    guard let card = container.section(.card) else { throw .missing(.card) }
    guard (1...Model.maximumCardSize).contains(card.count) else { throw .cardSize(card.count) }
    self.card = card
    knownAnswer = try KnownAnswer(
      container, width: frontEnd.definition.rawCount, classCount: classCount)
  }

  static func frontEnd(
    _ container: ModelContainer
  ) throws(ModelProblem) -> FrontEndTables {
    guard let section = container.section(.frontEnd) else { throw .missing(.frontEnd) }
    do throws(FrontEndTables.Problem) {
      return try FrontEndTables(section)
    } catch {
      throw .frontEnd(error)
    }
  }

  private static func features(
    _ container: ModelContainer, _ frontEnd: FrontEndTables
  ) throws(ModelProblem) -> FeatureTables {
    guard let section = container.section(.features) else { throw .missing(.features) }
    do throws(FeatureTables.Problem) {
      return try FeatureTables(section, for: frontEnd.definition)
    } catch {
      throw .features(error)
    }
  }

  /// The network that detects speech, if `gate` calls for one.
  static func detector(
    _ container: ModelContainer, _ definition: FrontEndDefinition,
    _ gate: EnergyDetector.Parameters
  ) throws(ModelProblem) -> DetectorModel? {
    if gate.hasNetwork { return try DetectorModel(container, definition: definition) }
    guard container.section(.detector) == nil else { throw .detectorUnused }
    return nil
  }

  /// How the stream is segmented.
  static func parameters(
    _ container: ModelContainer
  ) throws(ModelProblem) -> RecognitionParameters {
    let parameters = try container.elements(
      .recognition, of: RecognitionParameters.self, count: 1)
    do throws(RecognitionParameters.Problem) {
      try parameters.pointee.check()
    } catch {
      throw .recognition(error)
    }
    return parameters.pointee
  }

  private static func recognition(
    _ container: ModelContainer, width: Int, classCount: Int
  ) throws(ModelProblem) -> RecognitionTables {
    let parameters = try parameters(container)
    let corpusMean = try container.elements(.corpusMean, of: Int32.self, count: width)
    for index in 0..<width where !RawVector.range.contains(corpusMean[index]) {
      throw .corpusMean(at: index)
    }
    return RecognitionTables(
      parameters: parameters, corpusMean: corpusMean, bias: try bias(container, classCount),
      knownTalkerGain: try knownTalkerGain(container), classCount: Int32(classCount))
  }

  /// The statistics for the talker's bias, if the file has them.
  private static func bias(
    _ container: ModelContainer, _ classCount: Int
  ) throws(ModelProblem) -> TalkerBiasTables? {
    guard container.section(.talkerBias) != nil else { return nil }
    let tables = TalkerBiasTables(
      try container.elements(
        .talkerBias, of: Int32.self, count: TalkerBiasTables.recordCount(classCount: classCount)))
    guard tables.isUsable(classCount: classCount) else { throw .talkerBias }
    return tables
  }

  /// What the logits of known talkers are multiplied by: 1 where the file does not say.
  private static func knownTalkerGain(
    _ container: ModelContainer
  ) throws(ModelProblem) -> KnownTalkerGain {
    guard container.section(.knownTalkerGain) != nil else { return .one }
    let factor = try container.elements(.knownTalkerGain, of: Int32.self, count: 1).pointee
    guard KnownTalkerGain.factors.contains(factor) else { throw .knownTalkerGain }
    return KnownTalkerGain(factor: factor)
  }
}

/// The range of an element of a raw vector, or of a difference of two.
enum RawVector {
  /// Natural logarithms of int16 energies lie within ±64, so their differences within ±128; Q16.
  static let range: ClosedRange<Int32> = -(128 << 16)...(128 << 16)
}
