import JSON
import TestSupport
import Testing

@testable import Quantization

/// Graphs that no recipe of ours makes, but a model.bin may hold: int8 follows float, or the node is
/// refused.
@Suite struct UnusualGraphTests {
  /// The fixture's 40 features through `nodes`, whose weights are random, and a dense layer of
  /// `width` inputs to three classes.
  private func fixture(
    _ nodes: [JSONValue], _ tensors: [(name: String, shape: [Int])], width: Int,
    spread: Double = 0.2
  ) -> FloatModelFixture {
    var generator = SplitMix(seed: 3)
    var fixture = FloatModelFixture()
    for (name, shape) in tensors + [("end", [3, width])] {
      let values = (0..<shape.reduce(1, *)).map { _ in spread * generator.normal() }
      fixture.file.tensors.append((name, shape, values))
    }
    fixture.change("graph") {
      $0["nodes"] = .array(
        nodes + [["op": "dense", "weight": "end", "layout": "torch"], ["op": "softmax"]])
    }
    return fixture
  }

  private func report(_ fixture: FloatModelFixture) throws -> QuantizationReport {
    let model = try FloatModel(fixture.bytes())
    return try Quantizer(model, contexts: .random(for: model, count: 8)).run().report
  }

  private func problem(
    _ nodes: [JSONValue], _ tensors: [(name: String, shape: [Int])] = []
  ) -> String {
    do {
      _ = try FloatModel(fixture(nodes, tensors, width: 40).bytes())
      return ""
    } catch {
      return "\(error)"
    }
  }

  private static let window: JSONValue = ["op": "window", "frames": 12]

  private static func plane(_ operation: String, _ padding: Int, weight: String?) -> JSONValue {
    var node = JSONObject()
    node["op"] = .string(operation)
    node["kernel"] = [3, 3]
    node["stride"] = [1, 1]
    node["padding"] = [[1, 1], [.integer(padding), .integer(padding)]]
    if let weight {
      node["weight"] = .string(weight)
      node["layout"] = "torch"
    }
    return .object(node)
  }

  /// Each place of what was an image has a norm of its own: the convolution has no room for that.
  @Test func aNormBehindWhatWasAnImageIsNotFolded() throws {
    var fixture = fixture(
      [
        Self.window, ["op": "image"], Self.plane("conv2d", 1, weight: "w"), ["op": "sequence"],
        ["op": "affine", "scale": "scale", "offset": "offset"], ["op": "flatten"],
      ], [("w", [2, 1, 3, 3])], width: 12 * 80)
    fixture.file.tensors += [
      ("scale", [80], (0..<80).map { 0.2 + Double($0 % 9) / 4 }),
      ("offset", [80], (0..<80).map { Double($0 % 7) / 4 - 1 }),
    ]
    let graph = try FloatModel(fixture.bytes()).graph
    #expect(graph.normalized().operators.count == graph.operators.count)
    let report = try report(fixture)
    #expect(report.logitSignalToNoise > 30, "\n\(report.text)")
  }

  @Test(arguments: ["conv2d", "max_pool2d", "average_pool2d"])
  func paddedSidewaysASequenceIsAnImage(
    operation: String
  ) throws {
    let channels = 4
    let isConvolution = operation == "conv2d"
    let padding = isConvolution ? 2 : 1
    let columns = 1 + 2 * padding - 2
    let report = try report(
      fixture(
        [
          [
            "op": "conv1d", "kernel": 3, "padding": "causal", "weight": "first", "layout": "torch",
          ],
          Self.window, Self.plane(operation, padding, weight: isConvolution ? "w" : nil),
          ["op": "sequence"], ["op": "mean_pool"],
        ],
        [("first", [4, 40, 3])] + (isConvolution ? [("w", [4, 4, 3, 3])] : []),
        width: channels * columns))
    #expect(report.logitSignalToNoise > 25, "\n\(report.text)")
  }

  /// Softmax takes no notice of a level that all scores have.
  @Test(arguments: [-40.0, 40.0]) func scoresMayLieAnywhere(level: Double) throws {
    var fixture = fixture(
      [
        [
          "name": "values", "op": "conv1d", "kernel": 3, "padding": "causal", "weight": "w",
          "layout": "torch",
        ],
        [
          "name": "scores", "op": "dense", "weight": "score", "bias": "level", "layout": "torch",
        ],
        ["op": "attention_pool", "inputs": ["values", "scores"]],
      ], [("w", [8, 40, 3]), ("score", [1, 8])], width: 8)
    fixture.file.tensors.append(("level", [1], [level]))
    let report = try report(fixture)
    #expect(report.logitSignalToNoise > 30, "\n\(report.text)")
  }

  @Test func branchesWhoseRowsEndAtOtherFramesDoNotMeet() {
    let convolution: JSONValue = [
      "name": "a", "op": "conv1d", "inputs": ["features"], "kernel": 3, "stride": 2,
      "padding": "causal", "weight": "w", "layout": "torch",
    ]
    let scores: JSONValue = [
      "name": "score", "op": "dense", "inputs": ["a"], "weight": "one", "layout": "torch",
    ]
    let pool: JSONValue = [
      "name": "b", "op": "max_pool", "inputs": ["features"], "kernel": 2, "stride": 2,
    ]
    let tensors = [(name: "w", shape: [40, 40, 3]), (name: "one", shape: [1, 40])]
    for node: JSONValue in [
      ["op": "add", "inputs": ["a", "b"]], ["op": "concat", "inputs": ["a", "b"]],
      ["op": "attention_pool", "inputs": ["b", "score"]],
    ] {
      let found = problem([convolution, pool, scores, node], tensors)
      #expect(found.contains("first rows end at frames") && found.contains("nodes[3]"), "\(found)")
    }
  }

  @Test func sizesBeyondAnyDeviceAreRefused() {
    let pool: JSONValue = ["op": "max_pool", "kernel": 1, "stride": 64]
    #expect(problem([pool, pool, pool, pool]).contains("a row every 262144 frames"))
    let four: JSONValue = ["op": "concat", "inputs": ["x", "x", "x", "x"]]
    var nodes: [JSONValue] = [["name": "x0", "op": "relu"]]
    for level in 1...6 {
      var node = four.object!
      node["name"] = .string("x\(level)")
      node["inputs"] = .array(Array(repeating: .string("x\(level - 1)"), count: 4))
      nodes.append(.object(node))
    }
    #expect(problem(nodes).contains("its output has 163840 channels"))
    #expect(
      problem([
        Self.window,
        ["op": "pack", "groups": [.integer(Int.max), 1], "channels": 1],
      ]).contains("whose sum is the 40 channels"))
  }

  @Test func weightsOutOfAllProportionAreNamed() throws {
    let layers = (0..<10).map { index -> JSONValue in
      [
        "name": .string("d\(index)"), "op": "dense", "weight": .string("w\(index)"),
        "layout": "torch",
      ]
    }
    let huge = fixture(
      layers + [["op": "mean_pool"]], (0..<10).map { ("w\($0)", [40, 40]) }, width: 40,
      spread: 1e36)
    do {
      _ = try report(huge)
      Issue.record("infinite activations passed")
    } catch {
      #expect("\(error)".contains("is infinite or no number"), "\(error)")
    }
    let input = TensorGrid(scale: 1, zeroPoint: -128)
    #expect(throws: (any Error).self) {
      try QuantizedMatrix(
        weights: Array(repeating: 1, count: 300_000), bias: [0], input: input, outputSteps: 1)
    }
  }
}
