import JSON
import TestSupport

@testable import Quantization

/// A small causal CNN+LSTM with random weights, as a trainer would write it.
struct FloatModelFixture {
  var document: JSONObject
  var file = SafetensorsFixture()

  /// Classes of the fixture, two of which mean the same.
  static let classes = ["neutral", "angry_male", "angry_female"]

  init(seed: UInt64 = 1) {
    var generator = SplitMix(seed: seed)
    var file = SafetensorsFixture()
    func random(_ name: String, _ shape: [Int], _ scale: Double, around mean: Double = 0) {
      let values = (0..<shape.reduce(1, *)).map { _ in mean + scale * generator.normal() }
      file.tensors.append((name, shape, values))
    }
    func positive(_ name: String, _ count: Int) {
      file.tensors.append(
        (name, [count], (0..<count).map { _ in Double.random(in: 0.5...2, using: &generator) }))
    }
    random("mean", [40], 1)
    positive("deviation", 40)
    random("baseline", [40], 1, around: 12)
    random("conv1.weight", [16, 40, 5], 0.1)
    random("conv1.bias", [16], 0.1)
    for name in ["bn1", "bn2"] {
      random("\(name).gamma", [16], 0.2, around: 1)
      random("\(name).beta", [16], 0.2)
      random("\(name).mean", [16], 0.2)
      positive("\(name).variance", 16)
    }
    random("conv2.weight", [16, 16, 3], 0.15)
    random("lstm.weight_input", [32, 16], 0.3)
    random("lstm.weight_recurrent", [32, 8], 0.3)
    random("lstm.bias_input", [32], 0.2)
    random("lstm.bias_recurrent", [32], 0.2)
    random("score.weight", [1, 24], 0.3)
    random("score.bias", [1], 0.1)
    random("hidden.weight", [12, 120], 0.15)
    random("hidden.bias", [12], 0.1)
    random("logits.weight", [3, 12], 0.5)
    random("logits.bias", [3], 0.1)
    self.file = file
    document = FloatModelFixture.document.object!
  }

  /// The file, with the document as it stands now.
  func bytes() -> [UInt8] {
    var file = file
    file.metadata["edge"] = JSONValue.object(document).description
    return file.bytes()
  }

  /// Changes the node called `name`.
  mutating func change(node name: String, _ body: (inout JSONObject) -> Void) {
    guard var graph = document["graph"]?.object, var nodes = graph["nodes"]?.array else { return }
    for index in nodes.indices where nodes[index]["name"]?.string == name {
      guard var node = nodes[index].object else { return }
      body(&node)
      nodes[index] = .object(node)
    }
    graph["nodes"] = .array(nodes)
    document["graph"] = .object(graph)
  }

  /// Changes the part of the document called `key`.
  mutating func change(_ key: String, _ body: (inout JSONObject) -> Void) {
    guard var part = document[key]?.object else { return }
    body(&part)
    document[key] = .object(part)
  }

  private static let document: JSONValue = [
    "format": 1, "name": "fixture", "classes": ["neutral", "angry_male", "angry_female"],
    "labels": ["angry_male": "angry", "angry_female": "angry"],
    "front_end": [
      "sample_rate": 16000, "frame": 400, "hop": 160, "fft": 512, "window": "hann", "bands": 40,
      "fmin": 60, "fmax": 7600, "coefficients": 40,
    ],
    "standardization": ["mean": "mean", "deviation": "deviation"],
    "recognition": [
      "context_ms": 4000, "interim_ms": 500, "preroll_ms": 200, "hangover_ms": 300,
      "detector": ["kind": "energy", "version": 1],
      "baseline": ["segments": 20, "prior": 2, "mean": "baseline"],
    ],
    "graph": ["nodes": .array(nodes)],
    "temperature": 1.25, "provenance": ["data": "random numbers", "licence": "none"],
  ]

  private static let nodes: [JSONValue] = [
    [
      "name": "conv1", "op": "conv1d", "inputs": ["features"], "weight": "conv1.weight",
      "bias": "conv1.bias", "layout": "torch", "kernel": 5, "stride": 2, "padding": "causal",
    ],
    norm("bn1", "conv1"), ["name": "relu1", "op": "relu", "inputs": ["bn1"]],
    [
      "name": "conv2", "op": "conv1d", "inputs": ["relu1"], "weight": "conv2.weight",
      "layout": "torch", "kernel": 3, "dilation": 2, "padding": "causal",
    ],
    ["name": "relu2", "op": "relu", "inputs": ["conv2"]], norm("bn2", "relu2"),
    ["name": "add", "op": "add", "inputs": ["relu1", "bn2"]],
    ["name": "pool", "op": "max_pool", "inputs": ["add"], "kernel": 2, "stride": 2],
    [
      "name": "lstm", "op": "lstm", "inputs": ["pool"], "hidden": 8, "layout": "torch",
      "gate_order": "ifgo", "weight_input": "lstm.weight_input",
      "weight_recurrent": "lstm.weight_recurrent", "bias_input": "lstm.bias_input",
      "bias_recurrent": "lstm.bias_recurrent",
    ],
    ["name": "both", "op": "concat", "inputs": ["lstm", "pool"]],
    [
      "name": "score", "op": "dense", "inputs": ["both"], "weight": "score.weight",
      "bias": "score.bias", "layout": "torch",
    ],
    ["name": "attention", "op": "attention_pool", "inputs": ["both", "score"]],
    ["name": "mean", "op": "mean_pool", "inputs": ["both"]],
    ["name": "statistics", "op": "statistics_pool", "inputs": ["both"]],
    ["name": "max", "op": "global_max_pool", "inputs": ["both"]],
    ["name": "pools", "op": "concat", "inputs": ["attention", "mean", "statistics", "max"]],
    [
      "name": "hidden", "op": "dense", "inputs": ["pools"], "weight": "hidden.weight",
      "bias": "hidden.bias", "layout": "torch",
    ],
    ["op": "relu", "name": "relu3", "inputs": ["hidden"]],
    [
      "name": "logits", "op": "dense", "inputs": ["relu3"], "weight": "logits.weight",
      "bias": "logits.bias", "layout": "torch",
    ],
    ["op": "softmax"],
  ]

  private static func norm(_ name: String, _ input: String) -> JSONValue {
    [
      "name": .string(name), "op": "batch_norm", "inputs": [.string(input)],
      "gamma": .string("\(name).gamma"), "beta": .string("\(name).beta"),
      "mean": .string("\(name).mean"), "variance": .string("\(name).variance"), "epsilon": 1e-5,
    ]
  }
}
