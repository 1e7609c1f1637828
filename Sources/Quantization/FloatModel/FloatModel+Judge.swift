import Acoustics
import Evaluation
import Inference
import ModelFile
import Recognition
import Reference

/// A float model ready to judge recordings: its network in double precision with the device's
/// segmentation.
///
/// Its judges may run concurrently; they share no mutable state.
public final class FloatModelJudges: @unchecked Sendable {
  private let model: FloatModel
  private let frontEndSection: AlignedMemory
  private let corpusMean: UnsafeMutableBufferPointer<Int32>
  private let bias: AlignedMemory?
  private let tables: FrontEndTables

  private let detector: LoadedDetector?

  /// The tables that a judge of `model` needs. `detector` segments speech if the model calls for a
  /// network, and otherwise replaces its energy detector. Throws if the front end is impossible,
  /// and `DetectorMismatch`.
  public init(_ model: FloatModel, detector: LoadedDetector? = nil) throws {
    guard model.detector == nil else { throw DetectorMismatch.noModel }
    self.model = try detector.map { try model.cut(by: $0) } ?? model
    self.detector = detector
    try self.model.checkDetector(detector)
    frontEndSection = AlignedMemory(try FrontEndTables.section(for: model.frontEnd))
    tables = try FrontEndTables(frontEndSection.bytes)
    bias = self.model.biasSection.map { AlignedMemory($0.withUnsafeBytes { Array($0) }) }
    corpusMean = .allocate(capacity: model.frontEnd.rawCount)
    corpusMean.initialize(repeating: 0)
    for (index, mean) in model.corpusMean.enumerated() {
      corpusMean[index] = Int32((mean * 65_536).rounded())
    }
  }

  deinit {
    corpusMean.deallocate()
  }

  /// The classes and the labels that they are published as.
  public var labels: ModelLabels { ModelLabels(model.classes.map { ($0.name, $0.label) }) }

  /// Which detector segments speech.
  public var cutting: EnergyDetector.Parameters { model.recognition.detector }

  /// The front end that computes its inputs.
  public var frontEnd: FrontEndDefinition { model.frontEnd }

  /// A judge with its own memory. Keep this object alive while it is used.
  ///
  /// Interim decisions do not change final ones, but each costs a whole pass over the context, so
  /// few are made unless `withInterims`.
  public func makeJudge(_ segmentation: Segmentation, withInterims: Bool) -> any RecordingJudge {
    var parameters = model.recognition
    if !withInterims { parameters.interimFrames = parameters.contextFrames }
    let recognition = RecognitionTables(
      parameters: parameters, corpusMean: UnsafePointer(corpusMean.baseAddress!),
      bias: bias.map { TalkerBiasTables($0.bytes.bindMemory(to: Int32.self).baseAddress!) },
      knownTalkerGain: model.knownTalkerGain, classCount: Int32(model.classes.count),
      detector: detector?.network)
    let graph = FloatGraph(
      operators: model.graph.operators, tensors: model.graph.tensors,
      parameters: model.graph.parameters)
    return Listener(recognition, frontEnd: tables, segmentation: segmentation) { _ in
      FloatClassifier(
        graph, frontEnd: model.frontEnd, features: model.featureMap,
        temperature: model.temperature)
    }
  }
}
