import Inference
import Reference
import TestSupport
import Testing

@testable import Quantization

@Suite struct NormalizationTests {
  private func graph(_ description: FloatGraphDescription) -> FloatGraph {
    FloatGraph(
      operators: description.operators, tensors: description.tensors,
      parameters: description.parameters)
  }

  private func largestDifference(
    _ first: FloatGraphDescription, _ second: FloatGraphDescription, rows count: Int = 100
  ) -> Double {
    var generator = SplitMix(seed: 1)
    let channels = Int(first.tensors[0].channels)
    let rows = FloatRows(
      channels: channels, values: (0..<count * channels).map { _ in generator.normal() })
    return zip(graph(first).logits(rows), graph(second).logits(rows)).map { abs($0 - $1) }.max()!
  }

  @Test func foldingAndFusingChangeNothing() throws {
    for seed in UInt64(1)...5 {
      let original = try FloatModel(FloatModelFixture(seed: seed).bytes()).graph
      let normalized = original.normalized()
      #expect(largestDifference(original, normalized) < 1e-10)
    }
  }

  @Test func onlyWhatTheDeviceHasIsLeft() throws {
    let normalized = try FloatModel(FloatModelFixture().bytes()).graph.normalized()
    let kinds = normalized.operators.map(\.kind)
    #expect(!kinds.contains(.batchNorm))
    #expect(!kinds.contains(.relu))
    // conv1 takes its normalization and ReLU, conv2 only its ReLU: the normalization behind that
    // cannot fold.
    #expect(normalized.names.prefix(3) == ["conv1+bn1+relu1", "conv2+relu2", "bn2"])
    #expect(kinds[2] == .affine)
    #expect(normalized.operators.enumerated().allSatisfy { $1.output == Int32($0 + 1) })
  }

  /// Folding over a ReLU would err by half a standard deviation (NUMERICS §3); what is kept as
  /// affine does not.
  @Test func normalizationBehindPoolingWithNegativeScaleStaysExact() throws {
    var fixture = FloatModelFixture()
    fixture.change(node: "bn1") { $0["inputs"] = ["relu1"] }
    fixture.change(node: "relu1") { $0["inputs"] = ["conv1"] }
    for index in fixture.file.tensors.indices where fixture.file.tensors[index].name == "bn1.gamma"
    {
      fixture.file.tensors[index].values = fixture.file.tensors[index].values.map { -$0 }
    }
    var graph = try #require(fixture.document["graph"]?.object)
    var nodes = try #require(graph["nodes"]?.array)
    nodes.swapAt(1, 2)
    graph["nodes"] = .array(nodes)
    fixture.document["graph"] = .object(graph)
    fixture.change(node: "conv2") { $0["inputs"] = ["bn1"] }
    let original = try FloatModel(fixture.bytes()).graph
    let normalized = original.normalized()
    #expect(normalized.names.contains("bn1"))
    #expect(largestDifference(original, normalized) < 1e-10)
  }

  @Test func anOutputWithASecondReaderIsNotFolded() throws {
    var fixture = FloatModelFixture()
    fixture.change(node: "add") { $0["inputs"] = ["conv1", "bn2"] }
    let original = try FloatModel(fixture.bytes()).graph
    let normalized = original.normalized()
    #expect(normalized.names.prefix(2) == ["conv1", "bn1+relu1"])
    #expect(normalized.operators[1].hasRelu)
    #expect(largestDifference(original, normalized) < 1e-10)
  }

  @Test func aReLUWithNothingToFuseIntoBecomesAnAffine() throws {
    var fixture = FloatModelFixture()
    fixture.change(node: "relu3") { $0["inputs"] = ["pools"] }
    fixture.change(node: "hidden") { $0["inputs"] = ["relu3"] }
    var graph = try #require(fixture.document["graph"]?.object)
    var nodes = try #require(graph["nodes"]?.array)
    nodes.swapAt(16, 17)
    graph["nodes"] = .array(nodes)
    fixture.document["graph"] = .object(graph)
    fixture.change(node: "logits") { $0["inputs"] = ["hidden"] }
    let original = try FloatModel(fixture.bytes()).graph
    let normalized = original.normalized()
    let index = try #require(normalized.names.firstIndex(of: "relu3"))
    #expect(normalized.operators[index].kind == .affine)
    #expect(normalized.operators[index].hasRelu)
    #expect(largestDifference(original, normalized) < 1e-10)
  }
}
