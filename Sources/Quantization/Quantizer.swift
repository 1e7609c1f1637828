import Inference
import JSON
import ModelFile
import Reference

/// Makes the device's int8 model of a float one, and says what that cost.
///
/// The graph is normalized (batch normalization folded where exact, ReLU fused), run in double precision over calibration
/// contexts to learn every tensor's range, converted, written, and run again beside the float one.
///
/// Source: Jacob et al., arXiv:1712.05877; for the LSTM Li & Alvarez, arXiv:2101.05453.
public struct Quantizer {
  /// A finished model and its report.
  public struct Result {
    /// The `.edge` file.
    public let file: [UInt8]
    /// What conversion did to it.
    public let report: QuantizationReport
  }

  private let model: FloatModel
  private let rule: RangeRule
  private let contexts: CalibrationContexts

  /// A conversion of `model` with ranges by `rule` over `contexts`, of which there must be some.
  public init(
    _ model: FloatModel, contexts: CalibrationContexts, rule: RangeRule = .max
  ) throws(QuantizationProblem) {
    guard !contexts.contexts.isEmpty else { throw .noSpeech }
    self.model = model
    self.contexts = contexts
    self.rule = rule
  }

  /// Contexts that `run` will report as done: each is run twice.
  public var steps: Int { 2 * contexts.contexts.count }

  /// Converts. Calls `advance` after each step.
  public func run(advance: () -> Void = {}) throws(QuantizationProblem) -> Result {
    let graph = model.graph.normalized()
    let network = FloatNetwork(model, graph: graph)
    var calibration = Calibration(graph)
    for context in contexts.contexts {
      calibration.add(network.trace(context))
      advance()
    }
    let conversion = try GraphConversion(
      graph, calibration: calibration.result(rule), temperature: model.temperature)
    let assembly = ModelAssembly(model: model, conversion: conversion)
    let draft = AlignedMemory(try assembly.file(card: card(nil)))
    let integer = try IntegerTrace(Quantizer.model(draft))
    var comparison = Comparison(tensorCount: graph.tensors.count)
    for context in contexts.contexts {
      integer.run(context)
      comparison.add(network, network.trace(context), integer, grids: conversion.grids)
      advance()
    }
    let file = try assembly.file(card: card(comparison))
    let memory = AlignedMemory(file)
    let report = QuantizationReport(
      name: model.name, identifier: try Quantizer.model(memory).identifier, fileSize: file.count,
      arenaSize: integer.arenaSize, clips: contexts.clips, contexts: contexts.contexts.count,
      frames: contexts.contexts.reduce(0) { $0 + $1.count } / contexts.width,
      layers: conversion.layers(calibration, comparison), agreement: comparison.agreement,
      logitSignalToNoise: comparison.logits.decibels, logitPairs: comparison.pairs)
    return Result(file: file, report: report)
  }

  private static func model(_ memory: AlignedMemory) throws(QuantizationProblem) -> Model {
    do throws(ModelProblem) {
      return try Model(memory.bytes)
    } catch {
      throw .refused(error)
    }
  }

  /// The model card: what training said, and how close this conversion came.
  private func card(_ comparison: Comparison?) -> JSONValue {
    var card = JSONObject()
    card["name"] = .string(model.name)
    card["classes"] = .array(model.classes.map { .string($0.name) })
    card["labels"] = .array(model.classes.map { .string($0.label) })
    card["temperature"] = .number(model.temperature)
    card["provenance"] = model.provenance
    if let comparison {
      card["quantization"] = [
        "scheme": "int8", "ranges": .string(rule.rawValue), "clips": .integer(contexts.clips),
        "contexts": .integer(comparison.contexts),
        "agreement": .number(rounded(comparison.agreement, 4)),
        "logit_sqnr_db": .number(rounded(comparison.logits.decibels, 1)),
      ]
    }
    return .object(card)
  }

  private func rounded(_ value: Double, _ places: Int) -> Double {
    Double(fixed(value, places)) ?? value
  }
}
