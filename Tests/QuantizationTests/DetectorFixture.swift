import FixedPoint
import JSON
import ModelFile
import Recognition
import TestSupport
import Testing

@testable import Quantization

/// A small network that hears speech, with random weights, as a trainer would write it.
struct DetectorFixture {
  var document: JSONObject
  private var file = SafetensorsFixture()

  /// `bias` is added to the logit of speech: a large one hears speech in everything, a small one in
  /// nothing.
  init(seed: UInt64 = 3, bias: Double = 0, classes: Int = 2) {
    var generator = SplitMix(seed: seed)
    var file = SafetensorsFixture()
    func random(_ name: String, _ shape: [Int], _ scale: Double, around mean: Double = 0) {
      let values = (0..<shape.reduce(1, *)).map { _ in mean + scale * generator.normal() }
      file.tensors.append((name, shape, values))
    }
    random("mean", [12], 1, around: 3)
    file.tensors.append(("deviation", [12], Array(repeating: 2, count: 12)))
    random("first.weight", [8, 12, 5], 0.15)
    random("first.bias", [8], 0.1)
    random("second.weight", [8, 8, 3], 0.2)
    random("logits.weight", [classes, 8], 0.6)
    let biases = (0..<classes).map { $0 == 1 ? bias : 0 }
    file.tensors.append(("logits.bias", [classes], biases))
    self.file = file
    document = DetectorFixture.document.object!
  }

  /// The float model.
  func model() throws -> FloatModel {
    var file = file
    file.metadata["edge"] = JSONValue.object(document).description
    return try FloatModel(file.bytes())
  }

  /// The detector's file.
  func converted() throws -> [UInt8] {
    let model = try model()
    return try Quantizer(model, contexts: .random(for: model, count: 12)).run().file
  }

  /// The detector, by way of a file on disk that is gone afterwards.
  func loaded() throws -> LoadedDetector { try DetectorFixture.load(converted()) }

  static func load(_ bytes: [UInt8]) throws -> LoadedDetector {
    let file = TemporaryFile(bytes, named: "detector.edge")
    return try LoadedDetector(path: file.path)
  }

  /// Changes the “detector” object.
  mutating func change(_ body: (inout JSONObject) -> Void) {
    guard var part = document["detector"]?.object else { return }
    body(&part)
    document["detector"] = .object(part)
  }

  /// Puts a node before the last dense layer that only knows what to do of talkers.
  mutating func centreItsLastLayer() {
    guard var graph = document["graph"]?.object, var nodes = graph["nodes"]?.array,
      let place = nodes.firstIndex(where: { $0["name"]?.string == "logits" }),
      var logits = nodes[place].object
    else { return }
    file.tensors.append(("zeros", [8], Array(repeating: 0, count: 8)))
    logits["inputs"] = ["centre"]
    nodes[place] = .object(logits)
    nodes.insert(
      [
        "name": "centre", "op": "centre", "inputs": ["frame"], "amount": "zeros", "mean": "zeros",
        "prior": 4, "segments": 40,
      ], at: place)
    graph["nodes"] = .array(nodes)
    document["graph"] = .object(graph)
  }

  private static let document: JSONValue = [
    "format": 1, "name": "fixture",
    "detector": [
      "version": 2, "open": 0.5, "keep": -0.25, "gate_open_db": 3, "gate_keep_db": 2,
      "confirm_ms": 50,
    ],
    "front_end": [
      "sample_rate": 16000, "frame": 400, "hop": 160, "fft": 512, "window": "hann", "bands": 40,
      "fmin": 60, "fmax": 7600, "coefficients": 12,
    ],
    "standardization": ["mean": "mean", "deviation": "deviation"],
    "graph": [
      "nodes": [
        [
          "name": "first", "op": "conv1d", "inputs": ["features"], "weight": "first.weight",
          "bias": "first.bias", "layout": "torch", "kernel": 5, "padding": "causal",
        ],
        ["name": "relu", "op": "relu", "inputs": ["first"]],
        [
          "name": "second", "op": "conv1d", "inputs": ["relu"], "weight": "second.weight",
          "layout": "torch", "kernel": 3, "dilation": 4, "padding": "causal",
        ],
        ["name": "add", "op": "add", "inputs": ["relu", "second"]],
        ["name": "frame", "op": "last", "inputs": ["add"]],
        [
          "name": "logits", "op": "dense", "inputs": ["frame"], "weight": "logits.weight",
          "bias": "logits.bias", "layout": "torch",
        ],
        ["op": "softmax"],
      ]
    ],
    "provenance": ["data": "random numbers", "licence": "none"],
  ]
}

/// Frames of the fixture's front end, one after the other.
struct DetectorFrames {
  static let width = 41
  let values: [Int32]

  /// Frames that the fixture's network is calibrated for.
  init(_ fixture: DetectorFixture, seed: UInt64) throws {
    values = try CalibrationContexts.random(for: fixture.model(), count: 3, seed: seed).contexts
      .flatMap { $0 }
  }

  var count: Int { values.count / DetectorFrames.width }

  /// Calls `body` with each frame in turn.
  func forEach(_ body: (UnsafePointer<Int32>) -> Void) {
    values.withUnsafeBufferPointer { values in
      for frame in 0..<count { body(values.baseAddress! + frame * DetectorFrames.width) }
    }
  }
}
