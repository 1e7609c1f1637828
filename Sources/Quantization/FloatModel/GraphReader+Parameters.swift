import Reference

/// Frameworks lay their tensors out differently; here all become rows of outputs.
///
/// | | torch | keras |
/// |---|---|---|
/// | conv1d | [out, in, kernel] | [kernel, in, out] |
/// | dense | [out, in] | [in, out] |
/// | lstm | [4·hidden, in], [4·hidden, hidden], two biases | [in, 4·hidden], [hidden, 4·hidden], one bias |
extension GraphReader {
  /// Weights `[out][tap · channels + channel]` and biases.
  func convolutionMatrix(
    _ node: inout DocumentReader, kernel: Int, depth: Int
  ) throws(FloatModelProblem) -> (weights: [Double], bias: [Double]) {
    let isTorch = try node.word("layout", of: ["torch", "keras"]) == "torch"
    let (name, tensor) = try tensor(&node, "weight", dimensions: 3)
    let outputs = tensor.shape[isTorch ? 0 : 2]
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
    let outputs = tensor.shape[isTorch ? 0 : 1]
    try require(
      isTorch ? [outputs, depth] : [depth, outputs], tensor, name, node.place(of: "weight"))
    let weights = isTorch ? tensor.values : transposed(tensor.values, rows: depth)
    return (weights, try bias(&node, outputs))
  }

  /// Both matrices with rows `gate · hidden + unit` in gate order input, forget, cell, output, and the sum of the biases.
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
    var bias = [Double](repeating: 0, count: rows)
    let keys = isTorch ? ["bias_input", "bias_recurrent"] : ["bias"]
    let present = keys.filter { node.optional($0) != nil }
    guard present.isEmpty || present.count == keys.count else {
      throw .missing(place: node.place(of: keys.first { !present.contains($0) }!))
    }
    for key in present {
      let values = reordered(
        try file.values(&node, key, shape: [rows]), order, size: hidden)
      for index in 0..<rows { bias[index] += values[index] }
    }
    return .lstm(input: input, recurrent: recurrent, bias: bias)
  }

  /// Where each of our gates (input, forget, cell, output) stands in the file. The cell's letter is `g` or `c`.
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

  private func require(
    _ expected: [Int], _ tensor: Safetensors.Tensor, _ name: String, _ place: String
  ) throws(FloatModelProblem) {
    guard tensor.shape == expected else {
      throw .shape(place: place, name: name, expected: expected, found: tensor.shape)
    }
  }
}
