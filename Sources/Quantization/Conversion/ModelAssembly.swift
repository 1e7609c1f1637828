import Acoustics
import JSON
import ModelFile
import Recognition

/// Assembles the device's file from a converted graph and everything that belongs to it.
struct ModelAssembly {
  let model: FloatModel
  let conversion: GraphConversion
  /// The sections of the network that detects speech, if there is one.
  var detector: [(kind: SectionKind, bytes: [UInt8])] = []

  /// The file with `card`; its known answer is computed by running it.
  func file(card: JSONValue) throws(QuantizationProblem) -> [UInt8] {
    let frames = KnownFrames(model).frames
    let placeholder = [Int32](repeating: 0, count: model.classes.count)
    let draft = AlignedMemory(try file(card, frames, logits: placeholder))
    let logits = ModelAssembly.logits(try CheckedModel(draft), frames)
    return try file(card, frames, logits: logits)
  }

  private func file(
    _ card: JSONValue, _ frames: [Int32], logits: [Int32]
  ) throws(QuantizationProblem) -> [UInt8] {
    let cardBytes = Array(card.description.utf8)
    guard cardBytes.count <= Model.maximumCardSize else { throw .card(size: cardBytes.count) }
    var writer = ModelContainerWriter()
    writer.add(.frontEnd, bytes: try model.frontEndSection())
    writer.add(.features, bytes: try model.featureSection())
    writer.add(.recognition, elements: [detector.isEmpty ? gateless : model.recognition])
    writer.add(.corpusMean, bytes: model.corpusMeanSection)
    writer.add(.operators, elements: conversion.operators)
    writer.add(.tensors, elements: conversion.tensors)
    writer.add(.weights, bytes: conversion.weights)
    writer.add(.labels, elements: try model.labels())
    writer.add(.card, bytes: cardBytes)
    writer.add(.knownFrames, elements: frames)
    writer.add(.knownLogits, elements: logits)
    if let bias = model.biasSection { writer.add(.talkerBias, elements: bias) }
    if model.knownTalkerGain != .one {
      writer.add(.knownTalkerGain, elements: [model.knownTalkerGain.factor])
    }
    for section in detector { writer.add(section.kind, bytes: section.bytes) }
    return writer.file()
  }

  /// The segmentation without a network: a detector is converted like any model, and becomes a
  /// detector afterwards.
  private var gateless: RecognitionParameters {
    var parameters = model.recognition
    parameters.detector.kind = 1
    parameters.detector.version = 1
    return parameters
  }

  private static func logits(_ checked: CheckedModel, _ frames: [Int32]) -> [Int32] {
    let model = checked.model
    let memory = ArenaMemory {
      _ = IntegerClassifier(model.features, program: model.program, arena: &$0)
    }
    defer { withExtendedLifetime(memory) {} }
    var arena = memory.arena()
    var classifier = IntegerClassifier(model.features, program: model.program, arena: &arena)
    var logits = [Int32](repeating: 0, count: model.program.classCount)
    classifier.restart()
    frames.withUnsafeBufferPointer { frames in
      for start in stride(from: 0, to: frames.count, by: model.frontEnd.definition.rawCount) {
        classifier.push(frames.baseAddress! + start)
      }
    }
    logits.withUnsafeMutableBufferPointer { classifier.decide(into: $0.baseAddress!) }
    return logits
  }
}
