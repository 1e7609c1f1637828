import Console
import FixedPoint
import Inference
import JSON

/// A network as people and programs want to read about it: its operators and the tensors they make.
struct NetworkDescription {
  /// One operator and the tensor it makes; the first is the input, without an operator.
  struct Layer {
    let operation: String
    let inputs: [Int]
    let tensor: Tensor
    let weightBytes: Int
    let multiplications: Int
    let stateBytes: Int
    let activation: Activation
  }

  /// Where the rows of a tensor lie, and when.
  struct Activation {
    /// How many rows there is room for: those of one call along time, of a decision otherwise.
    let rows: Int
    let offset: Int
    let bytes: Int
    /// The operators, by their number in the table of layers, from the one that makes it to the
    /// last that reads it.
    let life: ClosedRange<Int>

    init(_ index: Int, _ plan: ActivationPlan, of program: Program) {
      rows = plan.rowCount(index)
      offset = plan.offset(index)
      bytes = plan.byteCount(index, of: program)
      let operators = plan.life(index)
      life = operators.lowerBound + 1...operators.upperBound + 1
    }
  }

  let layers: [Layer]
  let weightBytes: Int
  let multiplicationsPerFrame: Double
  let multiplicationsPerDecision: Int

  init(_ program: Program) {
    weightBytes = program.weights.count
    multiplicationsPerFrame = program.multiplicationsPerFrame
    multiplicationsPerDecision = program.multiplicationsPerDecision
    let activations = ActivationPlan(program)
    let input = Layer(
      operation: "input", inputs: [], tensor: program.tensors[0], weightBytes: 0,
      multiplications: 0, stateBytes: 0, activation: Activation(0, activations, of: program))
    layers =
      [input]
      + program.operators.indices.map { index in
        let step = program.operators[index]
        return Layer(
          operation: step.words, inputs: (0..<Int(step.inputCount)).map { Int(step.inputs[$0]) },
          tensor: program.tensors[index + 1], weightBytes: Int(step.parameterBytes),
          multiplications: program.multiplications(ofOperator: index),
          stateBytes: Graph.stateBytes(ofOperator: index, in: program),
          activation: Activation(index + 1, activations, of: program))
      }
  }
}

extension NetworkDescription {
  /// Two facts: how large it is, and how much work.
  var facts: [(String, String)] {
    [
      ("weights", "\(weightBytes) bytes in \(layers.count - 1) operators"),
      (
        "work",
        "\(Int(multiplicationsPerFrame.rounded())) multiplications a frame,"
          + " \(multiplicationsPerDecision) a decision"
      ),
    ]
  }

  /// The operators as a table, and what its columns mean.
  var text: String {
    TextTable(leftAligned: [1, 2]).text(rows)
      + "inputs are the # of what an operator reads, 0 the features of a frame; a value is scale × (code − zero)\n"
  }

  private var rows: [[String]] {
    let header = ["#", "operator", "inputs", "channels", "per row", "scale", "zero", "bytes"]
    return [header]
      + layers.enumerated().map { index, layer in
        let isLogits = index == layers.count - 1
        return [
          "\(index)", layer.operation, layer.inputs.map(String.init).joined(separator: " "),
          "\(layer.tensor.channels)", rate(layer), isLogits ? "" : "\(layer.tensor.scale)",
          isLogits ? "" : "\(layer.tensor.zeroPoint)", "\(layer.weightBytes)",
        ]
      }
  }

  private func rate(_ layer: Layer) -> String {
    switch (layer.tensor.rate, layer.activation.rows) {
    case (0, 1): "decision"
    case (0, let rows): "decision/\(rows)"
    case (1, _): "1 frame"
    default: "\(layer.tensor.rate) frames"
    }
  }
}

extension NetworkDescription.Layer {
  var json: JSONValue {
    [
      "operator": .string(operation), "inputs": .array(inputs.map { .integer($0) }),
      "channels": .integer(Int(tensor.channels)), "rate": .integer(Int(tensor.rate)),
      "scale": .number(Double(tensor.scale)), "zero_point": .integer(Int(tensor.zeroPoint)),
      "bytes": .integer(weightBytes), "multiplications": .integer(multiplications),
      "state_bytes": .integer(stateBytes),
      "activation": [
        "rows": .integer(activation.rows), "offset": .integer(activation.offset),
        "bytes": .integer(activation.bytes), "first": .integer(activation.life.lowerBound),
        "last": .integer(activation.life.upperBound),
      ],
    ]
  }
}
