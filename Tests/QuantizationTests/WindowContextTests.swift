import Acoustics
import Inference
import ModelFile
import Recognition
import Reference
import Testing

@testable import Quantization

/// What a network keeps from one context of a segment to the next.
@Suite struct WindowContextTests {
  private let checked: CheckedModel
  private let model: FloatModel
  private let frames: [Int32]

  /// A classifier of its own memory.
  private func withClassifier(_ body: (inout IntegerClassifier) -> Void) {
    let (features, program) = (checked.model.features, checked.model.program)
    let memory = ArenaMemory { _ = IntegerClassifier(features, program: program, arena: &$0) }
    defer { withExtendedLifetime(memory) {} }
    var arena = memory.arena()
    var classifier = IntegerClassifier(features, program: program, arena: &arena)
    classifier.restart()
    body(&classifier)
  }

  private init(_ network: SeedNetwork) throws {
    model = try FloatModel(network.bytes())
    let contexts = CalibrationContexts.random(for: model, count: 2)
    checked = try CheckedModel(AlignedMemory(Quantizer(model, contexts: contexts).run().file))
    frames = Array((contexts.contexts[0] + contexts.contexts[1]).prefix(70 * contexts.width))
  }

  init() throws {
    try self.init(SeedNetwork("windowed", features: 40, classes: 3).window(30).lstm(6).last())
  }

  private func push<Network: Classifier & ~Copyable>(
    _ range: Range<Int>, to classifier: inout Network
  ) {
    let width = model.frontEnd.rawCount
    frames.withUnsafeBufferPointer { frames in
      for frame in range { classifier.push(frames.baseAddress! + frame * width) }
    }
  }

  private func decision<Network: Classifier & ~Copyable>(
    _ classifier: inout Network
  ) -> [Int32] {
    var logits = [Int32](repeating: 0, count: model.classes.count)
    classifier.decide(into: &logits)
    return logits
  }

  @Test func aWindowGoesOnOverTheContextsOfASegment() {
    var expected: [Int32] = []
    withClassifier { fresh in
      push(35..<65, to: &fresh)
      expected = decision(&fresh)
    }
    withClassifier { classifier in
      push(0..<50, to: &classifier)
      classifier.nextContext()
      push(50..<65, to: &classifier)
      #expect(decision(&classifier) == expected)
      classifier.restart()
      push(50..<65, to: &classifier)
      #expect(decision(&classifier) != expected, "another segment begins with an empty window")
    }
  }

  @Test func theFloatNetworkKeepsTheSameFrames() {
    func classifier() -> FloatClassifier {
      FloatClassifier(
        FloatGraph(
          operators: model.graph.operators, tensors: model.graph.tensors,
          parameters: model.graph.parameters), frontEnd: model.frontEnd,
        features: model.featureMap, temperature: 1)
    }
    var (fresh, going) = (classifier(), classifier())
    fresh.restart()
    going.restart()
    push(35..<65, to: &fresh)
    push(0..<50, to: &going)
    going.nextContext()
    push(50..<65, to: &going)
    #expect(decision(&going) == decision(&fresh))
  }

  @Test func whatRunsAlongTimeBeginsAnewInEveryContext() throws {
    let other = try WindowContextTests(
      SeedNetwork("streaming", features: 40, classes: 3).lstm(6).last())
    var expected: [Int32] = []
    other.withClassifier { fresh in
      other.push(50..<65, to: &fresh)
      expected = other.decision(&fresh)
    }
    other.withClassifier { classifier in
      other.push(0..<50, to: &classifier)
      classifier.nextContext()
      other.push(50..<65, to: &classifier)
      #expect(other.decision(&classifier) == expected)
    }
  }
}
