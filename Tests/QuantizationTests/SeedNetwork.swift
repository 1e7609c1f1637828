import Affect
import JSON
import TestSupport

@testable import Quantization

/// A network of a published system, with random weights: its shapes, not its training.
///
/// Nodes are appended one after the other; sizes of weights follow from what came before.
struct SeedNetwork {
  let name: String
  private let classes: Int
  private let features: Int
  private(set) var file = SafetensorsFixture()
  private var nodes: [JSONValue] = []
  private var generator: SplitMix
  /// The shape of what the last node made: rows (0 along time), places in a row, values at a place.
  private var rows = 0
  private var columns = 1
  private var channels: Int

  init(_ name: String, features: Int, classes: Int) {
    self.name = name
    self.features = features
    self.classes = classes
    channels = features
    generator = SplitMix(seed: UInt64(features * 31 + classes))
    random("mean", [features], 1)
    positive("deviation", features)
    random("baseline", [features], 1, around: 12)
  }

  /// All weights, the last dense layer's and the statistics of normalizations included.
  var parameterCount: Int {
    dense(classes).file.tensors.filter { !["mean", "deviation", "baseline"].contains($0.name) }
      .reduce(0) { $0 + $1.values.count }
  }

  func window(_ frames: Int) -> SeedNetwork {
    var next = appending("window", ["frames": .integer(frames)])
    next.rows = frames
    return next
  }

  func image() -> SeedNetwork {
    var next = appending("image", [:])
    (next.columns, next.channels) = (channels, 1)
    return next
  }

  func conv(_ outputs: Int, kernel: Int, padding: String = "same") -> SeedNetwork {
    var next = self
    let weight = next.weights([kernel, channels, outputs], inputs: kernel * channels)
    let bias = next.biases(outputs)
    next.append(
      "conv1d",
      [
        "kernel": .integer(kernel), "padding": .string(padding), "layout": "keras",
        "weight": .string(weight), "bias": .string(bias),
      ])
    if padding == "valid" { next.rows -= kernel - 1 }
    next.channels = outputs
    return next
  }

  func conv2D(_ outputs: Int, kernel: Int) -> SeedNetwork {
    var next = self
    let weight = next.weights(
      [kernel, kernel, channels, outputs], inputs: kernel * kernel * channels)
    let bias = next.biases(outputs)
    next.append(
      "conv2d",
      [
        "kernel": [.integer(kernel), .integer(kernel)], "padding": "same", "layout": "keras",
        "weight": .string(weight), "bias": .string(bias),
      ])
    next.channels = outputs
    return next
  }

  func maxPool(_ size: Int, ceil: Bool = false) -> SeedNetwork {
    var next = appending(
      "max_pool",
      ceil
        ? ["kernel": .integer(size), "stride": .integer(size), "ceil": true]
        : ["kernel": .integer(size), "stride": .integer(size)])
    next.rows = (rows + (ceil ? size - 1 : 0)) / size
    return next
  }

  func maxPool2D(_ size: Int) -> SeedNetwork {
    var next = appending("max_pool2d", ["kernel": [.integer(size), .integer(size)]])
    (next.rows, next.columns) = (rows / size, columns / size)
    return next
  }

  func batchNorm() -> SeedNetwork {
    var next = self
    let base = "n\(nodes.count)"
    next.random("\(base).gamma", [channels], 0.2, around: 1)
    next.random("\(base).beta", [channels], 0.2)
    next.random("\(base).mean", [channels], 0.2)
    next.positive("\(base).variance", channels)
    next.append(
      "batch_norm",
      [
        "gamma": .string("\(base).gamma"), "beta": .string("\(base).beta"),
        "mean": .string("\(base).mean"), "variance": .string("\(base).variance"),
        "epsilon": 1e-3,
      ])
    return next
  }

  func relu() -> SeedNetwork { appending("relu", [:]) }

  func lstm(_ hidden: Int) -> SeedNetwork { recurrent("lstm", hidden, gates: 4) }

  func simpleRNN(_ hidden: Int) -> SeedNetwork { recurrent("simple_rnn", hidden, gates: 1) }

  func last() -> SeedNetwork {
    var next = appending("last", [:])
    next.rows = 1
    return next
  }

  func flatten() -> SeedNetwork {
    var next = appending("flatten", [:])
    (next.channels, next.columns, next.rows) = (rows * columns * channels, 1, 1)
    return next
  }

  /// Every feature's course together, but the coefficients', which stay by the frame; one value a
  /// row.
  func pack(single: Int, together: Int) -> SeedNetwork {
    let groups = Array(repeating: JSONValue.integer(1), count: single) + [.integer(together)]
    var next = appending("pack", ["groups": .array(groups), "channels": 1])
    (next.rows, next.channels) = (rows * channels, 1)
    return next
  }

  func attention() -> SeedNetwork {
    let values = "n\(nodes.count - 1)"
    var next = self.dense(1)
    let scores = "n\(next.nodes.count - 1)"
    next.append("attention_pool", ["inputs": [.string(values), .string(scores)]])
    (next.channels, next.rows) = (channels, 1)
    return next
  }

  func dense(_ outputs: Int) -> SeedNetwork {
    var next = self
    let weight = next.weights([channels, outputs], inputs: channels)
    let bias = next.biases(outputs)
    next.append(
      "dense", ["layout": "keras", "weight": .string(weight), "bias": .string(bias)])
    next.channels = outputs
    return next
  }

  /// The file, its last dense and softmax included.
  func bytes() -> [UInt8] {
    let complete = dense(classes)
    var file = complete.file
    let document: JSONValue = [
      "format": 1, "name": .string(name),
      "classes": .array((0..<classes).map { .string("class\($0)") }),
      "labels": .object(
        JSONObject(
          (0..<classes).map {
            JSONObject.Member(
              key: "class\($0)",
              value: .string(Emotion.named.map(\.rawValue)[$0 % Emotion.named.count]))
          })),
      "front_end": [
        "sample_rate": 16000, "frame": 400, "hop": 160, "fft": 512, "window": "hann",
        "bands": .integer(features), "fmin": 60, "fmax": 7600, "coefficients": .integer(features),
      ],
      "standardization": ["mean": "mean", "deviation": "deviation"],
      "recognition": [
        "context_ms": 4000, "interim_ms": 500, "preroll_ms": 200, "hangover_ms": 300,
        "detector": ["kind": "energy", "version": 1],
        "baseline": ["segments": 20, "prior": 2, "mean": "baseline"],
      ],
      "graph": ["nodes": .array(complete.nodes + [["op": "softmax"]])],
      "provenance": ["data": "random numbers", "licence": "none"],
    ]
    file.metadata["edge"] = document.description
    return file.bytes()
  }

  private func recurrent(_ operation: String, _ hidden: Int, gates: Int) -> SeedNetwork {
    var next = self
    let input = next.weights([channels, gates * hidden], inputs: 2 * channels)
    let recurrent = next.weights([hidden, gates * hidden], inputs: 4 * hidden)
    let bias = next.biases(gates * hidden)
    var options: JSONValue = [
      "hidden": .integer(hidden), "layout": "keras", "weight_input": .string(input),
      "weight_recurrent": .string(recurrent), "bias": .string(bias),
    ]
    if gates == 4 {
      var object = options.object!
      object["gate_order"] = "ifco"
      options = .object(object)
    }
    next.append(operation, options)
    next.channels = hidden
    return next
  }

  private func appending(_ operation: String, _ options: JSONValue) -> SeedNetwork {
    var next = self
    next.append(operation, options)
    return next
  }

  private mutating func append(_ operation: String, _ options: JSONValue) {
    var node = options.object!
    node["op"] = .string(operation)
    node["name"] = .string("n\(nodes.count)")
    nodes.append(.object(node))
  }

  private mutating func weights(_ shape: [Int], inputs: Int) -> String {
    let name = "n\(nodes.count).weight\(file.tensors.count)"
    random(name, shape, (2 / Double(inputs)).squareRoot())
    return name
  }

  private mutating func biases(_ count: Int) -> String {
    let name = "n\(nodes.count).bias"
    random(name, [count], 0.1)
    return name
  }

  private mutating func random(
    _ name: String, _ shape: [Int], _ scale: Double, around mean: Double = 0
  ) {
    var generator = generator
    let values = (0..<shape.reduce(1, *)).map { _ in
      // Three uniform numbers: bell enough, and there are millions.
      let sum =
        Double.random(in: -1..<1, using: &generator) + .random(in: -1..<1, using: &generator)
        + .random(in: -1..<1, using: &generator)
      return mean + scale * sum
    }
    self.generator = generator
    file.tensors.append((name, shape, values))
  }

  private mutating func positive(_ name: String, _ count: Int) {
    random(name, [count], 0.25, around: 1.25)
  }
}
