import Inference
import Reference

extension GraphReader {
  /// The allowed values of a node's `op`.
  static let operations = [
    "conv1d", "batch_norm", "affine", "relu", "add", "max_pool", "lstm", "concat",
    "attention_pool", "mean_pool", "statistics_pool", "global_max_pool", "dense", "softmax",
    "window", "image", "sequence", "conv2d", "depthwise_conv1d", "depthwise_conv2d", "max_pool2d",
    "average_pool", "average_pool2d", "global_average_pool", "flatten", "pack", "simple_rnn",
    "last", "centre",
  ]

  /// Appends the operator that `node` describes and returns its output.
  mutating func append(
    _ operation: String, _ node: inout DocumentReader, _ inputs: [Value], name: String
  ) throws(FloatModelProblem) -> Value {
    let count = operation == "add" || operation == "attention_pool" ? 2...2 : 1...1
    try requireInputs(operation == "concat" ? 2...4 : count, inputs, node)
    switch operation {
    case "conv1d": return try convolution(&node, inputs, name)
    case "batch_norm": return try batchNorm(&node, inputs, name)
    case "affine": return try affine(&node, inputs, name)
    case "relu":
      return emit(
        .relu, inputs, channels: inputs[0].channels, rate: inputs[0].rate,
        columns: inputs[0].columns, name: name)
    case "add": return try add(node, inputs, name)
    case "max_pool": return try maxPool(&node, inputs, name)
    case "lstm": return try lstm(&node, inputs, name)
    case "concat": return try concatenation(node, inputs, name)
    case "dense": return try dense(&node, inputs, name)
    case "centre": return try centre(&node, inputs, name)
    case "attention_pool":
      guard inputs[1].channels == 1, inputs[1].rate == inputs[0].rate,
        inputs[1].rows == inputs[0].rows
      else {
        throw .contradiction(
          place: node.place, sentence: "scores must be one channel, a row for each row of values")
      }
      try requireOneDelay(inputs, node)
      return try pool(.attentionPool, inputs, channels: inputs[0].channels, node, name)
    case "mean_pool": return try pool(.meanPool, inputs, channels: inputs[0].channels, node, name)
    case "statistics_pool":
      return try pool(.statisticsPool, inputs, channels: 2 * inputs[0].channels, node, name)
    case "global_average_pool", "global_max_pool":
      return try globalPool(operation, inputs, node, name)
    default:
      return try appendWindowed(operation, &node, inputs, name: name)
    }
  }

  private func requireInputs(
    _ count: ClosedRange<Int>, _ inputs: [Value], _ node: DocumentReader
  ) throws(FloatModelProblem) {
    guard count.contains(inputs.count) else {
      let allowed =
        count.count == 1
        ? "\(count.lowerBound)" : "\(count.lowerBound) to \(count.upperBound)"
      throw .notAllowed(
        place: node.place(of: "inputs"), found: "a list of \(inputs.count)",
        allowed: "a list of \(allowed)")
    }
  }

  func requireRows(
    _ input: Value, _ node: DocumentReader
  ) throws(FloatModelProblem) {
    guard input.rate > 0 || input.rows > 1 else {
      throw .contradiction(
        place: node.place, sentence: "it needs rows over time and stands behind the pooling")
    }
    try requireSequence(input, node)
  }

  /// Rows that are combined must cover the same frames.
  private func requireOneDelay(
    _ inputs: [Value], _ node: DocumentReader
  ) throws(FloatModelProblem) {
    let delays = inputs.map(\.delay)
    guard Set(delays).count == 1 else {
      throw .contradiction(
        place: node.place,
        sentence: "its inputs' first rows end at frames"
          + " \(delays.map { "\($0 + 1)" }.joined(separator: " and ")): put as many “max_pool” of one"
          + " kernel before each, since a maximum waits for its frames and a convolution does not")
    }
  }

  func requireSequence(
    _ input: Value, _ node: DocumentReader
  ) throws(FloatModelProblem) {
    guard input.columns == 1 else {
      throw .contradiction(
        place: node.place,
        sentence:
          "it needs a sequence and its input is an image: put “flatten” or “sequence” between")
    }
  }

  private mutating func convolution(
    _ node: inout DocumentReader, _ inputs: [Value], _ name: String
  ) throws(FloatModelProblem) -> Value {
    try requireRows(inputs[0], node)
    if inputs[0].rate == 0 { return try windowedConvolution(&node, inputs, name) }
    _ = try node.word("padding", of: ["causal"])
    let kernel = try node.integer("kernel", in: 1...1024)
    let stride = try node.integer("stride", in: 1...64, standard: 1)
    let dilation = try node.integer("dilation", in: 1...1024, standard: 1)
    let (weights, bias) = try convolutionMatrix(&node, kernel: kernel, depth: inputs[0].channels)
    return emit(
      .conv1D, inputs, channels: bias.count, rate: inputs[0].rate * stride, kernel: kernel,
      stride: stride, dilation: dilation, parameters: .matrix(weights: weights, bias: bias),
      name: name)
  }

  private mutating func dense(
    _ node: inout DocumentReader, _ inputs: [Value], _ name: String
  ) throws(FloatModelProblem) -> Value {
    try requireSequence(inputs[0], node)
    let (weights, bias) = try denseMatrix(&node, depth: inputs[0].channels)
    return emit(
      .dense, inputs, channels: bias.count, rate: inputs[0].rate,
      parameters: .matrix(weights: weights, bias: bias), name: name)
  }

  private mutating func lstm(
    _ node: inout DocumentReader, _ inputs: [Value], _ name: String
  ) throws(FloatModelProblem) -> Value {
    try requireRows(inputs[0], node)
    let hidden = try node.integer("hidden", in: 1...4096)
    let parameters = try lstmParameters(&node, channels: inputs[0].channels, hidden: hidden)
    return emit(
      .lstm, inputs, channels: hidden, rate: inputs[0].rate, parameters: parameters, name: name)
  }

  private mutating func batchNorm(
    _ node: inout DocumentReader, _ inputs: [Value], _ name: String
  ) throws(FloatModelProblem) -> Value {
    let shape = [inputs[0].features]
    let columns = inputs[0].columns
    func repeated(_ values: [Double]) -> [Double] { (0..<columns).flatMap { _ in values } }
    let variance = try file.values(&node, "variance", shape: shape)
    guard variance.allSatisfy({ $0 >= 0 }) else {
      throw .contradiction(
        place: node.place(of: "variance"), sentence: "no variance can be negative")
    }
    let parameters = OperatorParameters.batchNorm(
      gamma: repeated(
        try file.optionalValues(&node, "gamma", shape: shape)
          ?? Array(repeating: 1, count: shape[0])),
      beta: repeated(
        try file.optionalValues(&node, "beta", shape: shape)
          ?? Array(repeating: 0, count: shape[0])),
      mean: repeated(try file.values(&node, "mean", shape: shape)),
      variance: repeated(variance),
      epsilon: try node.number("epsilon", above: 0))
    return emit(
      .batchNorm, inputs, channels: inputs[0].channels, rate: inputs[0].rate, columns: columns,
      parameters: parameters, name: name)
  }

  private mutating func affine(
    _ node: inout DocumentReader, _ inputs: [Value], _ name: String
  ) throws(FloatModelProblem) -> Value {
    try requireSequence(inputs[0], node)
    let shape = [inputs[0].channels]
    let parameters = OperatorParameters.affine(
      scale: try file.values(&node, "scale", shape: shape),
      offset: try file.values(&node, "offset", shape: shape))
    return emit(
      .affine, inputs, channels: shape[0], rate: inputs[0].rate, parameters: parameters, name: name)
  }

  /// Subtracts a talker's past from a layer's output. The output must have one row, since only then
  /// is there one value per segment.
  private mutating func centre(
    _ node: inout DocumentReader, _ inputs: [Value], _ name: String
  ) throws(FloatModelProblem) -> Value {
    guard inputs[0].rate == 0, inputs[0].rows == 1 else {
      throw .contradiction(
        place: node.place, sentence: "it needs the one row of a decision: put a pooling before it")
    }
    try requireSequence(inputs[0], node)
    let shape = [inputs[0].channels]
    let amount = try file.values(&node, "amount", shape: shape)
    guard amount.allSatisfy({ abs($0) < 4 }) else {
      throw .contradiction(
        place: node.place(of: "amount"), sentence: "every amount must lie between -4 and 4")
    }
    let range = CentreConstants.segmentRange
    let allowed = Int(range.lowerBound)...Int(range.upperBound)
    let parameters = OperatorParameters.centre(
      amount: amount, mean: try file.values(&node, "mean", shape: shape),
      prior: try node.integer("prior", in: allowed),
      segments: try node.integer("segments", in: allowed))
    return emit(
      .centre, inputs, channels: shape[0], rate: 0, parameters: parameters, name: name)
  }

  private mutating func add(
    _ node: DocumentReader, _ inputs: [Value], _ name: String
  ) throws(FloatModelProblem) -> Value {
    guard inputs[0].channels == inputs[1].channels, inputs[0].rate == inputs[1].rate,
      inputs[0].rows == inputs[1].rows, inputs[0].columns == inputs[1].columns
    else {
      throw .contradiction(place: node.place, sentence: "both inputs must have one shape and rate")
    }
    try requireOneDelay(inputs, node)
    return emit(
      .add, inputs, channels: inputs[0].channels, rate: inputs[0].rate,
      columns: inputs[0].columns, name: name)
  }

  private mutating func concatenation(
    _ node: DocumentReader, _ inputs: [Value], _ name: String
  ) throws(FloatModelProblem) -> Value {
    guard inputs.allSatisfy({ $0.rate == inputs[0].rate && $0.rows == inputs[0].rows }) else {
      throw .contradiction(
        place: node.place, sentence: "all inputs must have one rate and as many rows")
    }
    try requireOneDelay(inputs, node)
    for input in inputs { try requireSequence(input, node) }
    let channels = inputs.reduce(0) { $0 + $1.channels }
    return emit(.concatenate, inputs, channels: channels, rate: inputs[0].rate, name: name)
  }

  private mutating func maxPool(
    _ node: inout DocumentReader, _ inputs: [Value], _ name: String
  ) throws(FloatModelProblem) -> Value {
    try requireRows(inputs[0], node)
    if inputs[0].rate == 0 { return try planePool(.maxPool2D, &node, inputs, name, axes: 1) }
    let kernel = try node.integer("kernel", in: 1...64)
    let stride = try node.integer("stride", in: 1...64)
    return emit(
      .maxPool1D, inputs, channels: inputs[0].channels, rate: inputs[0].rate * stride,
      kernel: kernel, stride: stride, name: name)
  }

  mutating func pool(
    _ kind: OperatorKind, _ inputs: [Value], channels: Int, _ node: DocumentReader, _ name: String
  ) throws(FloatModelProblem) -> Value {
    try requireRows(inputs[0], node)
    return emit(kind, inputs, channels: channels, rate: 0, rows: 1, name: name)
  }
}
