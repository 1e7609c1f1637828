import JSON
import TestSupport

@testable import Quantization

extension FloatModelFixture {
  /// The fixture with its last hidden layer centred before the ReLU, behind a normalization.
  static func centred(
    seed: UInt64 = 1, prior: Int = 4, segments: Int = 40, amount: Double? = nil
  ) -> FloatModelFixture {
    var fixture = FloatModelFixture(seed: seed)
    var generator = SplitMix(seed: seed &+ 100)
    func values(_ scale: Double, around mean: Double) -> [Double] {
      (0..<12).map { _ in mean + scale * generator.normal() }
    }
    fixture.file.tensors += [
      (
        "centre.amount", [12],
        amount.map { Array(repeating: $0, count: 12) } ?? values(0.5, around: 0.7)
      ),
      ("centre.mean", [12], values(0.3, around: 0)),
      ("bn3.gamma", [12], values(0.2, around: 1)), ("bn3.beta", [12], values(0.2, around: 0)),
      ("bn3.mean", [12], values(0.2, around: 0)),
      ("bn3.variance", [12], values(0, around: 0.8)),
    ]
    guard var graph = fixture.document["graph"]?.object, var nodes = graph["nodes"]?.array,
      let place = nodes.firstIndex(where: { $0["name"]?.string == "relu3" })
    else { return fixture }
    nodes.insert(
      contentsOf: [
        [
          "name": "bn3", "op": "batch_norm", "inputs": ["hidden"], "gamma": "bn3.gamma",
          "beta": "bn3.beta", "mean": "bn3.mean", "variance": "bn3.variance", "epsilon": 1e-5,
        ],
        [
          "name": "centre", "op": "centre", "inputs": ["bn3"], "amount": "centre.amount",
          "mean": "centre.mean", "prior": .integer(prior), "segments": .integer(segments),
        ],
      ], at: place)
    graph["nodes"] = .array(nodes)
    fixture.document["graph"] = .object(graph)
    fixture.change(node: "relu3") { $0["inputs"] = ["centre"] }
    return fixture
  }

  /// The fixture with all of its pools centred.
  static func centredPools() -> FloatModelFixture {
    var fixture = FloatModelFixture()
    var generator = SplitMix(seed: 9)
    fixture.file.tensors += [
      ("pools.amount", [120], (0..<120).map { _ in .random(in: 0..<1.5, using: &generator) }),
      ("pools.mean", [120], (0..<120).map { _ in 0.2 * generator.normal() }),
    ]
    guard var graph = fixture.document["graph"]?.object, var nodes = graph["nodes"]?.array,
      let place = nodes.firstIndex(where: { $0["name"]?.string == "hidden" })
    else { return fixture }
    nodes.insert(
      [
        "name": "centre", "op": "centre", "inputs": ["pools"], "amount": "pools.amount",
        "mean": "pools.mean", "prior": 2, "segments": 20,
      ], at: place)
    graph["nodes"] = .array(nodes)
    fixture.document["graph"] = .object(graph)
    fixture.change(node: "hidden") { $0["inputs"] = ["centre"] }
    return fixture
  }
}
