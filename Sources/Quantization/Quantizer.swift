import Inference
import JSON
import ModelFile
import Reference
import Text

/// Converts a float model to the device's int8 model, and reports the loss.
///
/// The graph is normalized (batch normalization folded where exact, ReLU fused), run in double
/// precision over calibration contexts to learn every tensor's range, converted, written, and run
/// again for comparison with the float network as trained.
///
/// Source: Jacob et al., arXiv:1712.05877; for the LSTM Li & Alvarez, arXiv:2101.05453.
public struct Quantizer: Sendable {
  /// A finished model and its report.
  public struct Result {
    /// The `.edge` file.
    public let file: [UInt8]
    /// What conversion did to the model.
    public let report: QuantizationReport
  }

  private let model: FloatModel
  private let contexts: CalibrationContexts
  private let detector: [(kind: SectionKind, bytes: [UInt8])]

  /// A conversion of `model` with the ranges of its tensors over `contexts`, which must not be
  /// empty; `detector`, with which `contexts` were segmented, is stored in the file.
  public init(
    _ model: FloatModel, contexts: CalibrationContexts, detector: LoadedDetector? = nil
  ) throws(QuantizationProblem) {
    guard !contexts.contexts.isEmpty else { throw .noSpeech }
    // Checked before calibration, which takes minutes for such a network.
    let weights = model.graph.parameters.flatMap(\.matrices).reduce(0) { $0 + $1.count }
    guard weights <= LoadedModel.maximumSize else { throw .tooLarge(size: weights) }
    self.detector = detector?.sections ?? []
    self.model = model
    self.contexts = contexts
  }

  /// Number of contexts that `run` will report as done: each is run three times.
  public var steps: Int { 3 * contexts.contexts.count }

  /// Converts on up to `jobs` threads; `advance` is called from any of them after each step. The
  /// file does not depend on the number of threads.
  public func run(
    jobs: Int = 1, advance: @Sendable () -> Void = {}
  ) throws(QuantizationProblem) -> Result {
    var graph = model.graph.normalized()
    let unlevelled = FloatNetwork(model, graph: graph)
    let chunks = ContextChunks(
      contexts, remembersTalkers: graph.operators.contains { $0.kind == .centre })
    let unseen = ChannelRanges(graph)
    var ranges = unseen
    for part in chunks.map(jobs: jobs, { surveyed($0, unlevelled, unseen, advance) }) {
      ranges.add(part)
    }
    if let tensor = ranges.firstUnbounded {
      throw .unbounded(operator: tensor == 0 ? "features" : graph.names[tensor - 1])
    }
    graph.levelScores(ranges)
    let network = FloatNetwork(model, graph: graph)
    let gains = ChannelGains(graph, ranges)
    let uncalibrated = Calibration(graph, gains: gains)
    var calibration = uncalibrated
    for part in chunks.map(jobs: jobs, { calibrated($0, network, uncalibrated, advance) }) {
      calibration.add(part)
    }
    let conversion = try GraphConversion(
      graph, gains: gains, calibration: calibration.result, temperature: model.temperature)
    let assembly = ModelAssembly(
      model: model, conversion: conversion, detector: detector)
    let draft = AlignedMemory(try assembly.file(card: card(nil)))
    let integer = try CheckedModel(draft)
    var comparison = Comparison(tensorCount: graph.tensors.count)
    for part in chunks.map(
      jobs: jobs, { compared($0, network, integer, conversion, advance) })
    {
      comparison.add(part)
    }
    let converted = try assembly.file(card: card(comparison))
    let file =
      if let thresholds = model.detector {
        try DetectorAssembly(model: model, thresholds: thresholds).file(converted)
      } else {
        converted
      }
    let report = QuantizationReport(
      name: model.name, identifier: try Quantizer.identifier(file),
      fileSize: file.count,
      arenaSize: model.detector == nil ? integer.model.streamBytes : nil,
      clips: contexts.clips, contexts: contexts.contexts.count,
      frames: contexts.contexts.reduce(0) { $0 + $1.count } / contexts.width,
      layers: conversion.layers(calibration, comparison), agreement: comparison.agreement,
      onlyLabel: comparison.onlyLabel.map { model.classes[$0].label },
      logitSignalToNoise: comparison.logits.decibels, logitPairs: comparison.pairs)
    return Result(file: file, report: report)
  }

  private static func identifier(_ file: [UInt8]) throws(QuantizationProblem) -> String {
    do throws(ModelProblem) {
      let memory = AlignedMemory(file)
      defer { withExtendedLifetime(memory) {} }
      return try ModelContainer(memory.bytes).identifier
    } catch {
      throw .refused(error)
    }
  }

  private func surveyed(
    _ contexts: ArraySlice<PlacedContext>, _ network: FloatNetwork, _ empty: ChannelRanges,
    _ advance: () -> Void
  ) -> ChannelRanges {
    var ranges = empty
    var session = FloatSession(network)
    for context in contexts {
      ranges.add(session.trace(context))
      advance()
    }
    return ranges
  }

  private func calibrated(
    _ contexts: ArraySlice<PlacedContext>, _ network: FloatNetwork, _ empty: Calibration,
    _ advance: () -> Void
  ) -> Calibration {
    var calibration = empty
    var session = FloatSession(network)
    for context in contexts {
      calibration.add(session.trace(context))
      advance()
    }
    return calibration
  }

  private func compared(
    _ contexts: ArraySlice<PlacedContext>, _ network: FloatNetwork, _ integer: CheckedModel,
    _ conversion: GraphConversion, _ advance: () -> Void
  ) -> Comparison {
    let trace = IntegerTrace(integer)
    var comparison = Comparison(tensorCount: conversion.tensors.count)
    var session = FloatSession(network)
    // Comparing with the converted graph would hide mistakes in its normalization.
    let trained = FloatNetwork(model)
    var trainedSession = FloatSession(trained)
    for context in contexts {
      trace.run(context)
      comparison.add(
        session.trace(context), trained.logits(trainedSession.trace(context)), of: trained, trace,
        conversion)
      advance()
    }
    return comparison
  }

  /// The model card: training's own data, and how close this conversion came.
  private func card(_ comparison: Comparison?) -> JSONValue {
    var card = JSONObject()
    card["name"] = .string(model.name)
    card["classes"] = .array(model.classes.map { .string($0.name) })
    card["labels"] = .array(model.classes.map { .string($0.label) })
    card["temperature"] = .number(model.temperature)
    if model.knownTemperature != model.temperature {
      card["known_temperature"] = .number(model.knownTemperature)
    }
    card["provenance"] = model.provenance
    if let comparison {
      card["quantization"] = [
        "scheme": "int8", "clips": .integer(contexts.clips),
        "contexts": .integer(comparison.contexts),
        "agreement": .number(rounded(comparison.agreement, 4)),
        "logit_sqnr_db": .number(rounded(comparison.logits.decibels, 1)),
      ]
    }
    return .object(card)
  }

  private func rounded(_ value: Double, _ places: Int) -> Double {
    Double(decimal(value, places: places)) ?? value
  }
}
