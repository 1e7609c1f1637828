import Inference
import Reference

/// Nodes of networks of fixed length: those after a `window`.
extension GraphReader {
  /// Appends the operator that `node` describes, one that needs or makes a window, and returns its
  /// output.
  mutating func appendWindowed(
    _ operation: String, _ node: inout DocumentReader, _ inputs: [Value], name: String
  ) throws(FloatModelProblem) -> Value {
    let input = inputs[0]
    switch operation {
    case "window":
      guard input.rate > 0 else {
        throw .contradiction(place: node.place, sentence: "its input is in a window already")
      }
      let frames = try node.integer("frames", in: 1...4096)
      return emit(
        .window, inputs, channels: input.channels, rate: 0, rows: frames, kernel: frames,
        name: name)
    case "last":
      try requireRows(input, node)
      return emit(.lastRow, inputs, channels: input.channels, rate: 0, rows: 1, name: name)
    case "simple_rnn": return try simpleRNN(&node, inputs, name)
    default: break
    }
    guard input.rows > 0 else {
      throw .contradiction(
        place: node.place, sentence: "it looks ahead, which only a network behind a “window” can")
    }
    switch operation {
    case "image", "sequence":
      // Only another view of the same bytes.
      return Value(
        index: input.index, channels: input.channels, rate: 0, rows: input.rows,
        columns: operation == "image" ? input.channels : 1)
    case "conv2d": return try convolution2D(&node, inputs, name)
    case "depthwise_conv1d": return try depthwise(&node, inputs, name, axes: 1)
    case "depthwise_conv2d": return try depthwise(&node, inputs, name, axes: 2)
    case "max_pool2d": return try planePool(.maxPool2D, &node, inputs, name, axes: 2)
    case "average_pool": return try planePool(.averagePool2D, &node, inputs, name, axes: 1)
    case "average_pool2d": return try planePool(.averagePool2D, &node, inputs, name, axes: 2)
    case "flatten":
      return try pack(node, inputs, widths: [input.channels], channels: nil, name)
    default:
      var widths: [Int] = []
      for value in try node.array("groups") { widths.append(value.integer ?? 0) }
      let channels = try node.integer("channels", in: 1...65_536)
      return try pack(node, inputs, widths: widths, channels: channels, name)
    }
  }

  private mutating func simpleRNN(
    _ node: inout DocumentReader, _ inputs: [Value], _ name: String
  ) throws(FloatModelProblem) -> Value {
    try requireRows(inputs[0], node)
    let hidden = try node.integer("hidden", in: 1...4096)
    let (input, recurrent, bias) = try simpleRNNParameters(
      &node, channels: inputs[0].channels, hidden: hidden)
    return emit(
      .simpleRNN, inputs, channels: hidden, rate: inputs[0].rate,
      parameters: .simpleRNN(input: input, recurrent: recurrent, bias: bias), name: name)
  }

  private mutating func pack(
    _ node: DocumentReader, _ inputs: [Value], widths: [Int], channels: Int?, _ name: String
  ) throws(FloatModelProblem) -> Value {
    let count = inputs[0].rows * inputs[0].channels
    guard widths.count <= 4096, widths.allSatisfy({ 1...inputs[0].channels ~= $0 }),
      widths.reduce(0, +) == inputs[0].channels
    else {
      throw .contradiction(
        place: node.place(of: "groups"),
        sentence: "the groups must be whole numbers whose sum is the \(inputs[0].channels) channels"
      )
    }
    let channels = channels ?? count
    guard count % channels == 0, channels <= 65_536 else {
      throw .contradiction(
        place: node.place,
        sentence: "\(count) values do not make rows of \(channels), of at most 65536 each")
    }
    return emit(
      .pack, inputs, channels: channels, rate: 0, rows: count / channels, kernel: widths.count,
      parameters: .pack(widths: widths), name: name)
  }

  mutating func windowedConvolution(
    _ node: inout DocumentReader, _ inputs: [Value], _ name: String
  ) throws(FloatModelProblem) -> Value {
    let geometry = try geometry(&node, inputs[0], axes: 1, isPooling: false)
    let (weights, bias) = try convolutionMatrix(
      &node, kernel: Int(geometry.kernel[0]), depth: inputs[0].channels)
    return plane(
      .conv2D, inputs, .plane(geometry, weights: weights, bias: bias), geometry,
      features: bias.count, name)
  }

  private mutating func convolution2D(
    _ node: inout DocumentReader, _ inputs: [Value], _ name: String
  ) throws(FloatModelProblem) -> Value {
    let geometry = try geometry(&node, inputs[0], axes: 2, isPooling: false)
    let (weights, bias) = try planeMatrix(&node, geometry, features: inputs[0].features)
    return plane(
      .conv2D, inputs, .plane(geometry, weights: weights, bias: bias), geometry,
      features: bias.count, name)
  }

  private mutating func depthwise(
    _ node: inout DocumentReader, _ inputs: [Value], _ name: String, axes: Int
  ) throws(FloatModelProblem) -> Value {
    let geometry = try geometry(&node, inputs[0], axes: axes, isPooling: false)
    let (weights, bias) = try depthwiseMatrix(
      &node, geometry, features: inputs[0].features, axes: axes)
    return plane(
      .depthwise2D, inputs, .plane(geometry, weights: weights, bias: bias), geometry,
      features: bias.count, name)
  }

  mutating func planePool(
    _ kind: OperatorKind, _ node: inout DocumentReader, _ inputs: [Value], _ name: String,
    axes: Int
  ) throws(FloatModelProblem) -> Value {
    let geometry = try geometry(&node, inputs[0], axes: axes, isPooling: true)
    return plane(
      kind, inputs, .planePool(geometry), geometry, features: inputs[0].features, name)
  }

  /// Over all rows, and for an image over all places.
  mutating func globalPool(
    _ operation: String, _ inputs: [Value], _ node: DocumentReader, _ name: String
  ) throws(FloatModelProblem) -> Value {
    let input = inputs[0]
    let isMean = operation == "global_average_pool"
    guard input.columns > 1 else {
      return try pool(
        isMean ? .meanPool : .globalMaxPool, inputs, channels: input.channels, node, name)
    }
    guard input.rows <= PlaneGeometry.limit, input.columns <= PlaneGeometry.limit,
      input.rows * input.columns <= PlaneGeometry.maximumTaps
    else {
      throw .contradiction(
        place: node.place,
        sentence:
          "an image of \(input.rows) by \(input.columns) places is too large to pool at once")
    }
    let geometry = PlaneGeometry(
      columns: Int32(input.columns), kernel: SIMD2(Int32(input.rows), Int32(input.columns)))
    return plane(
      isMean ? .averagePool2D : .maxPool2D, inputs, .planePool(geometry), geometry,
      features: input.features, name)
  }

  private mutating func plane(
    _ kind: OperatorKind, _ inputs: [Value], _ parameters: OperatorParameters,
    _ geometry: PlaneGeometry, features: Int, _ name: String
  ) -> Value {
    emit(
      kind, inputs, channels: features * geometry.outputColumns, rate: 0,
      rows: geometry.outputs(0, of: inputs[0].rows), columns: geometry.outputColumns,
      parameters: parameters, name: name)
  }
}
