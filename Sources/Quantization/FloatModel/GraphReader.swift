import Inference
import JSON
import Reference

/// Reads the nodes of an `edge` document into a float graph.
///
/// A node's shape follows from its inputs, and its tensors are checked against it, so that an error
/// message can name the node.
struct GraphReader {
  /// A value during reading: its tensor, and its shape.
  struct Value {
    let index: Int32
    let channels: Int
    /// Input frames per row; 0 for values that exist once per decision.
    let rate: Int
    /// Rows in a decision: those of a window, 1 after pooling over time; 0 along time.
    var rows = 0
    /// Places in a row of an image; 1 for a sequence.
    var columns = 1
    /// How many input frames after the first the first row is complete: a maximum needs its whole
    /// kernel, a convolution is padded.
    var delay = 0

    /// Values at a place.
    var features: Int { channels / columns }
  }

  let file: Safetensors
  private var graph: FloatGraphDescription
  private var values: [String: Value]
  private var last: String

  /// Far beyond what any device could run, and far below what an `Int32` holds.
  static let maximumChannels = 65_536
  static let maximumRate = 65_536

  /// The name by which nodes call the graph's input.
  static let inputName = "features"

  init(_ file: Safetensors, inputChannels: Int) {
    self.file = file
    graph = FloatGraphDescription(inputChannels: inputChannels)
    values = [GraphReader.inputName: Value(index: 0, channels: inputChannels, rate: 1)]
    last = GraphReader.inputName
  }

  /// All nodes in order. The last must be a softmax over a dense layer of `classCount` outputs.
  mutating func read(
    _ nodes: [JSONValue], classCount: Int
  ) throws(FloatModelProblem) -> FloatGraphDescription {
    guard nodes.count >= 2 else {
      throw .contradiction(place: "graph.nodes", sentence: "there must be a dense and a softmax")
    }
    for (index, value) in nodes.enumerated() {
      try read(value, index: index, isLast: index == nodes.count - 1)
    }
    guard graph.tensors[graph.tensors.count - 1].channels == classCount else {
      throw .contradiction(
        place: "graph.nodes",
        sentence: "the last dense has \(graph.tensors[graph.tensors.count - 1].channels) outputs"
          + " and there are \(classCount) classes")
    }
    return graph
  }

  private mutating func read(
    _ value: JSONValue, index: Int, isLast: Bool
  ) throws(FloatModelProblem) {
    let operation = value["op"]?.string
    let name = value["name"]?.string ?? "\(operation ?? "node")#\(index)"
    var node = try DocumentReader(value, at: "graph.nodes[\(index)] (\(name))")
    _ = try node.optionalString("name")
    guard values[name] == nil else {
      throw .contradiction(place: node.place, sentence: "two nodes cannot have one name")
    }
    let inputs = try self.inputs(of: &node)
    let kind = try node.word("op", of: GraphReader.operations)
    if kind == "softmax" {
      guard isLast else {
        throw .contradiction(place: node.place, sentence: "softmax must be the last node")
      }
      try finish(&node, inputs)
      return
    }
    guard !isLast else {
      throw .contradiction(place: node.place, sentence: "the last node must be a softmax")
    }
    let output = try append(kind, &node, inputs, name: name)
    guard output.channels <= GraphReader.maximumChannels, output.rate <= GraphReader.maximumRate
    else {
      throw .contradiction(
        place: node.place,
        sentence: "its output has \(output.channels) channels, a row every \(output.rate) frames;"
          + " \(GraphReader.maximumChannels) and \(GraphReader.maximumRate) are allowed")
    }
    try node.finish()
    values[name] = output
    last = name
  }

  private mutating func inputs(
    of node: inout DocumentReader
  ) throws(FloatModelProblem) -> [Value] {
    guard node.optional("inputs") != nil else { return [values[last]!] }
    var inputs: [Value] = []
    for element in try node.array("inputs") {
      guard let name = element.string, let value = values[name] else {
        throw .notAllowed(
          place: node.place(of: "inputs"), found: "\(element)",
          allowed: "names of earlier nodes or “\(GraphReader.inputName)”")
      }
      inputs.append(value)
    }
    return inputs
  }

  /// The softmax itself is not in the graph: its dense layer becomes the one that computes logits.
  private mutating func finish(
    _ node: inout DocumentReader, _ inputs: [Value]
  ) throws(FloatModelProblem) {
    try node.finish()
    let index = graph.operators.count - 1
    guard inputs.count == 1, index >= 0, inputs[0].index == graph.operators[index].output,
      graph.operators[index].kind == .dense, inputs[0].rows == 1
    else {
      throw .contradiction(
        place: node.place,
        sentence: "softmax must come right after a dense layer behind the pooling over time")
    }
    graph.operators[index].code = OperatorKind.logits.rawValue
  }

  /// Appends an operator over `inputs`.
  mutating func emit(
    _ kind: OperatorKind, _ inputs: [Value], channels: Int, rate: Int, rows: Int? = nil,
    columns: Int = 1, kernel: Int = 1, stride: Int = 1, dilation: Int = 1,
    parameters: OperatorParameters = .none, name: String
  ) -> Value {
    var places = SIMD4<Int32>(repeating: -1)
    for (place, input) in inputs.enumerated() { places[place] = input.index }
    let operation = Operator(
      kind, inputs: places, output: 0, kernel: Int32(kernel), stride: Int32(stride),
      dilation: Int32(dilation))
    let index = graph.append(
      operation, output: Tensor(channels: Int32(channels), rate: Int32(rate)),
      parameters: parameters, name: name)
    let wait = kind == .maxPool1D ? (kernel - 1) * inputs[0].rate : 0
    return Value(
      index: index, channels: channels, rate: rate, rows: rows ?? inputs[0].rows, columns: columns,
      delay: rate == 0 ? 0 : inputs[0].delay + wait)
  }
}
