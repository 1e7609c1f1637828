import Inference
import Reference

/// Frameworks lay out tensors differently; here all become rows of outputs.
///
/// | | torch | keras |
/// |---|---|---|
/// | conv1d | [out, in, kernel] | [kernel, in, out] |
/// | dense | [out, in] | [in, out] |
/// | conv2d | [out, in, rows, columns] | [rows, columns, in, out] |
/// | depthwise_conv1d | [channels, 1, kernel] | [kernel, channels, 1] |
/// | depthwise_conv2d | [features, 1, rows, columns] | [rows, columns, features, 1] |
/// | simple_rnn | [hidden, in], [hidden, hidden], two biases | [in, hidden], [hidden, hidden], one bias |
/// | lstm | [4·hidden, in], [4·hidden, hidden], two biases | [in, 4·hidden], [hidden, 4·hidden], one bias |
extension GraphReader {
  /// Weights `[out][tap · channels + channel]` and biases.
  func convolutionMatrix(
    _ node: inout DocumentReader, kernel: Int, depth: Int
  ) throws(FloatModelProblem) -> (weights: [Double], bias: [Double]) {
    let isTorch = try node.word("layout", of: ["torch", "keras"]) == "torch"
    let (name, tensor) = try tensor(&node, "weight", dimensions: 3)
    let outputs = outputs(of: tensor, beside: [depth, kernel], at: isTorch ? 0 : 2)
    let expected = isTorch ? [outputs, depth, kernel] : [kernel, depth, outputs]
    try require(expected, tensor, name, node.place(of: "weight"))
    var weights: [Double] = []
    weights.reserveCapacity(tensor.values.count)
    for output in 0..<outputs {
      for tap in 0..<kernel {
        for channel in 0..<depth {
          weights.append(
            tensor.values[
              isTorch
                ? (output * depth + channel) * kernel + tap
                : (tap * depth + channel) * outputs + output])
        }
      }
    }
    return (weights, try bias(&node, outputs))
  }

  /// Weights `[out][in]` and biases.
  func denseMatrix(
    _ node: inout DocumentReader, depth: Int
  ) throws(FloatModelProblem) -> (weights: [Double], bias: [Double]) {
    let isTorch = try node.word("layout", of: ["torch", "keras"]) == "torch"
    let (name, tensor) = try tensor(&node, "weight", dimensions: 2)
    let outputs = outputs(of: tensor, beside: [depth], at: isTorch ? 0 : 1)
    try require(
      isTorch ? [outputs, depth] : [depth, outputs], tensor, name, node.place(of: "weight"))
    let weights = isTorch ? tensor.values : transposed(tensor.values, rows: depth)
    return (weights, try bias(&node, outputs))
  }

  /// Weights `[out][tap · features + feature]` and biases.
  func planeMatrix(
    _ node: inout DocumentReader, _ geometry: PlaneGeometry, features: Int
  ) throws(FloatModelProblem) -> (weights: [Double], bias: [Double]) {
    let isTorch = try node.word("layout", of: ["torch", "keras"]) == "torch"
    let (name, tensor) = try tensor(&node, "weight", dimensions: 4)
    let (rows, columns) = (Int(geometry.kernel[0]), Int(geometry.kernel[1]))
    let outputs = outputs(
      of: tensor, beside: [features, rows, columns], at: isTorch ? 0 : 3)
    try require(
      isTorch ? [outputs, features, rows, columns] : [rows, columns, features, outputs], tensor,
      name, node.place(of: "weight"))
    let taps = geometry.taps
    // Torch: features of an output, taps within; Keras: taps, features within, outputs within
    // those.
    let weights =
      isTorch
      ? (0..<outputs).flatMap { output in
        transposed(
          Array(tensor.values[output * features * taps..<(output + 1) * features * taps]),
          rows: features)
      }
      : transposed(tensor.values, rows: taps * features)
    return (weights, try bias(&node, outputs))
  }

  /// Weights `[feature][tap]` and biases.
  func depthwiseMatrix(
    _ node: inout DocumentReader, _ geometry: PlaneGeometry, features: Int, axes: Int
  ) throws(FloatModelProblem) -> (weights: [Double], bias: [Double]) {
    let isTorch = try node.word("layout", of: ["torch", "keras"]) == "torch"
    let (name, tensor) = try tensor(&node, "weight", dimensions: axes + 2)
    let kernel = (0..<axes).map { Int(geometry.kernel[$0]) }
    try require(
      isTorch ? [features, 1] + kernel : kernel + [features, 1], tensor, name,
      node.place(of: "weight"))
    let weights = isTorch ? tensor.values : transposed(tensor.values, rows: geometry.taps)
    return (weights, try bias(&node, features))
  }

  /// Both matrices by rows, and the sum of the biases.
  func simpleRNNParameters(
    _ node: inout DocumentReader, channels: Int, hidden: Int
  ) throws(FloatModelProblem) -> (input: [Double], recurrent: [Double], bias: [Double]) {
    let isTorch = try node.word("layout", of: ["torch", "keras"]) == "torch"
    func matrix(_ key: String, _ depth: Int) throws(FloatModelProblem) -> [Double] {
      let values = try file.values(&node, key, shape: isTorch ? [hidden, depth] : [depth, hidden])
      return isTorch ? values : transposed(values, rows: depth)
    }
    let input = try matrix("weight_input", channels)
    let recurrent = try matrix("weight_recurrent", hidden)
    return (input, recurrent, try recurrentBias(&node, isTorch: isTorch, count: hidden))
  }

  /// The sum of the biases of a recurrent layer: two in PyTorch, one in Keras, or none.
  private func recurrentBias(
    _ node: inout DocumentReader, isTorch: Bool, count: Int
  ) throws(FloatModelProblem) -> [Double] {
    let keys = isTorch ? ["bias_input", "bias_recurrent"] : ["bias"]
    let present = keys.filter { node.optional($0) != nil }
    guard present.isEmpty || present.count == keys.count else {
      throw .missing(place: node.place(of: keys.first { !present.contains($0) }!))
    }
    var sum = [Double](repeating: 0, count: count)
    for key in present {
      for (index, value) in try file.values(&node, key, shape: [count]).enumerated() {
        sum[index] += value
      }
    }
    return sum
  }

  /// Both matrices with rows `gate · hidden + unit` in gate order input, forget, cell, output, and
  /// the sum of the biases.
  func lstmParameters(
    _ node: inout DocumentReader, channels: Int, hidden: Int
  ) throws(FloatModelProblem) -> OperatorParameters {
    let isTorch = try node.word("layout", of: ["torch", "keras"]) == "torch"
    let rows = 4 * hidden
    let order = try gateOrder(&node)
    func matrix(_ key: String, _ depth: Int) throws(FloatModelProblem) -> [Double] {
      let values = try file.values(&node, key, shape: isTorch ? [rows, depth] : [depth, rows])
      return reordered(
        isTorch ? values : transposed(values, rows: depth), order, size: hidden * depth)
    }
    let input = try matrix("weight_input", channels)
    let recurrent = try matrix("weight_recurrent", hidden)
    let bias = reordered(
      try recurrentBias(&node, isTorch: isTorch, count: rows), order, size: hidden)
    return .lstm(input: input, recurrent: recurrent, bias: bias)
  }

  /// The position in the file of each of our gates (input, forget, cell, output). The cell's letter
  /// is `g` or `c`.
  private func gateOrder(_ node: inout DocumentReader) throws(FloatModelProblem) -> [Int] {
    let text = try node.string("gate_order")
    let letters = text.map { $0 == "c" ? "g" : $0 }
    guard letters.count == 4, Set(letters) == Set("ifgo") else {
      throw .notAllowed(
        place: node.place(of: "gate_order"), found: "“\(text)”",
        allowed: "the letters i, f, g (or c) and o in the file's order")
    }
    return "ifgo".map { letters.firstIndex(of: $0)! }
  }

  private func reordered(_ values: [Double], _ order: [Int], size: Int) -> [Double] {
    order.flatMap { values[$0 * size..<($0 + 1) * size] }
  }

  private func transposed(_ values: [Double], rows: Int) -> [Double] {
    let columns = values.count / rows
    return (0..<columns).flatMap { column in (0..<rows).map { values[$0 * columns + column] } }
  }

  private func bias(
    _ node: inout DocumentReader, _ outputs: Int
  ) throws(FloatModelProblem) -> [Double] {
    try file.optionalValues(&node, "bias", shape: [outputs]) ?? Array(repeating: 0, count: outputs)
  }

  private func tensor(
    _ node: inout DocumentReader, _ key: String, dimensions: Int
  ) throws(FloatModelProblem) -> (String, Safetensors.Tensor) {
    let name = try node.string(key)
    guard let tensor = file[name] else { throw .noTensor(place: node.place(of: key), name: name) }
    guard tensor.shape.count == dimensions, tensor.shape.allSatisfy({ (1...65_536).contains($0) })
    else {
      throw .contradiction(
        place: node.place(of: key),
        sentence: "tensor “\(name)” has shape \(tensor.shape) and must have \(dimensions) sizes"
          + " from 1 to 65536")
    }
    return (name, tensor)
  }

  /// The number of outputs, which only the tensor says: the size that is left when those that are
  /// `known` are struck out, so that a transposed tensor is refused with the shape that it should
  /// have. If they do not all occur, the size at `place`.
  private func outputs(
    of tensor: Safetensors.Tensor, beside known: [Int], at place: Int
  ) -> Int {
    var sizes = tensor.shape
    for size in known {
      guard let index = sizes.firstIndex(of: size) else { return tensor.shape[place] }
      sizes.remove(at: index)
    }
    return sizes[0]
  }

  private func require(
    _ expected: [Int], _ tensor: Safetensors.Tensor, _ name: String, _ place: String
  ) throws(FloatModelProblem) {
    guard tensor.shape == expected else {
      throw .shape(place: place, name: name, expected: expected, found: tensor.shape)
    }
  }
}
