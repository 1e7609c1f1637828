import FixedPoint
import Glibc
import Inference
import Reference

/// What calibration learned of a graph.
struct CalibrationResult: Sendable {
  /// By tensor index.
  var ranges: [ClosedRange<Double>]
  /// By operator: the largest magnitude of an LSTM's cell; 0 for all others.
  var largestCells: [Double]
}

/// Makes the parameter block of one operator of a normalized float graph.
struct OperatorEncoder {
  let graph: FloatGraphDescription
  let gains: ChannelGains
  let grids: [TensorGrid]
  let largestCells: [Double]
  let temperature: Double

  /// Gates are Q4.11.
  private static let gateSteps = 0x1p11
  /// Logits are Q16 of log2.
  private static let logitSteps = 0x1p16 * 1.4426950408889634

  /// The block of operator `index` and its matrices, for the report; empty without parameters.
  func encode(_ index: Int) throws(QuantizationProblem) -> (
    block: [UInt8], matrices: [QuantizedMatrix]
  ) {
    do throws(Rescaler.Problem) {
      return try block(index)
    } catch {
      throw .scale(operator: graph.names[index], error)
    }
  }

  private func block(_ index: Int) throws(Rescaler.Problem) -> ([UInt8], [QuantizedMatrix]) {
    let step = graph.operators[index]
    let input = grids[Int(step.inputs[0])]
    let output = grids[Int(step.output)]
    switch (step.kind, gains.parameters(index, of: graph)) {
    case (.logits, .matrix(let weights, let bias)):
      return try matrix(weights, bias, input, steps: OperatorEncoder.logitSteps / temperature)
    case (_, .matrix(let weights, let bias)):
      return try matrix(weights, bias, input, steps: 1 / Double(output.scale))
    case (_, .plane(let geometry, let weights, let bias)):
      let (block, matrices) = try matrix(weights, bias, input, steps: 1 / Double(output.scale))
      return (record(geometry) + block, matrices)
    case (.averagePool2D, .planePool(let geometry)):
      return (try record(geometry) + record(pooling(input, output)), [])
    case (_, .planePool(let geometry)):
      return (record(geometry), [])
    case (_, .pack(let widths)):
      var block = SectionBytes(size: (4 * widths.count + 63) & ~63)
      block.place(widths.map { Int32($0) }, at: 0)
      return (block.bytes, [])
    case (_, .simpleRNN(let weights, let recurrent, let bias)):
      let matrices = try self.recurrent(weights, recurrent, bias, input, output)
      let rescaler = try Rescaler(ratio: 0x1p-15 / Double(output.scale))
      let constants = PoolConstants(mantissa: rescaler.mantissa, shift: rescaler.shift)
      return (matrices.flatMap { $0.block() } + record(constants), matrices)
    case (_, .lstm(let weights, let recurrent, let bias)):
      return try lstm(index, weights, recurrent, bias, input, output)
    case (_, .affine(let scale, let offset)):
      return (try affine(scale, offset, input, output), [])
    case (_, .centre(let amount, let mean, let prior, let segments)):
      let constants = try CentreConstants(
        inputScale: Double(input.scale), outputScale: Double(output.scale), prior: prior,
        segments: segments)
      return (try centre(amount, mean, input) + record(constants), [])
    case (.add, _):
      return (try addition(input, grids[Int(step.inputs[1])], output), [])
    case (.concatenate, _):
      return (try concatenation(index, output), [])
    case (.attentionPool, _):
      return (try attention(input, grids[Int(step.inputs[1])], output), [])
    case (.meanPool, _), (.statisticsPool, _):
      return (try record(pooling(input, output)), [])
    default:
      return ([], [])
    }
  }

  private func matrix(
    _ weights: [Double], _ bias: [Double], _ input: TensorGrid, steps: Double
  ) throws(Rescaler.Problem) -> ([UInt8], [QuantizedMatrix]) {
    let matrix = try QuantizedMatrix(
      weights: weights, bias: bias, input: input, outputSteps: steps)
    return (matrix.block(), [matrix])
  }

  private func lstm(
    _ index: Int, _ weights: [Double], _ recurrent: [Double], _ bias: [Double],
    _ input: TensorGrid, _ output: TensorGrid
  ) throws(Rescaler.Problem) -> ([UInt8], [QuantizedMatrix]) {
    let matrices = try self.recurrent(weights, recurrent, bias, input, output)
    let constants = try LSTMConstants(
      greatestCell: largestCells[index], outputScale: Double(output.scale))
    return (matrices.flatMap { $0.block() } + record(constants), matrices)
  }

  /// Both matrices of a recurrent layer, rescaled to Q4.11.
  private func recurrent(
    _ weights: [Double], _ recurrent: [Double], _ bias: [Double], _ input: TensorGrid,
    _ output: TensorGrid
  ) throws(Rescaler.Problem) -> [QuantizedMatrix] {
    let steps = OperatorEncoder.gateSteps
    return [
      try QuantizedMatrix(weights: weights, bias: bias, input: input, outputSteps: steps),
      try QuantizedMatrix(
        weights: recurrent, bias: Array(repeating: 0, count: bias.count), input: output,
        outputSteps: steps),
    ]
  }

  private func affine(
    _ scale: [Double], _ offset: [Double], _ input: TensorGrid, _ output: TensorGrid
  ) throws(Rescaler.Problem) -> [UInt8] {
    let layout = AffineLayout(channels: scale.count)
    var block = SectionBytes(size: layout.byteCount)
    for channel in scale.indices {
      let slope = scale[channel] * Double(input.scale) / Double(output.scale)
      let intercept =
        offset[channel] / Double(output.scale) + Double(output.zeroPoint)
        - slope * Double(input.zeroPoint)
      try block.withBytes { (bytes) throws(Rescaler.Problem) in
        try layout.pack(channel: channel, slope: slope, intercept: intercept, into: bytes)
      }
    }
    block.withBytes { layout.packPadding(into: $0) }
    return block.bytes
  }

  /// The means and amounts of a centring, without its constants.
  private func centre(
    _ amount: [Double], _ mean: [Double], _ input: TensorGrid
  ) throws(Rescaler.Problem) -> [UInt8] {
    let layout = CentreLayout(channels: mean.count)
    var block = SectionBytes(size: layout.constants)
    for channel in mean.indices {
      let code = mean[channel] / Double(input.scale) + Double(input.zeroPoint)
      try block.withBytes { (bytes) throws(Rescaler.Problem) in
        try layout.pack(channel: channel, mean: code, amount: amount[channel], into: bytes)
      }
    }
    return block.bytes
  }

  private func addition(
    _ first: TensorGrid, _ second: TensorGrid, _ output: TensorGrid
  ) throws(Rescaler.Problem) -> [UInt8] {
    record(
      try AddConstants(
        firstRatio: Double(first.scale) / Double(output.scale),
        secondRatio: Double(second.scale) / Double(output.scale)))
  }

  private func concatenation(
    _ index: Int, _ output: TensorGrid
  ) throws(Rescaler.Problem) -> [UInt8] {
    let step = graph.operators[index]
    var ratios = SIMD4<Double>.zero
    for place in 0..<Int(step.inputCount) {
      ratios[place] =
        Double(grids[Int(step.inputs[place])].scale) / Double(output.scale)
        / gains.fill(index, place: place, of: graph)
    }
    return record(try ConcatenateConstants(ratios: ratios))
  }

  private func attention(
    _ values: TensorGrid, _ scores: TensorGrid, _ output: TensorGrid
  ) throws(Rescaler.Problem) -> [UInt8] {
    var block = SectionBytes(size: AttentionLayout.byteCount)
    block.withBytes {
      AttentionLayout.pack(scale: Double(scores.scale), exponential: exp, into: $0)
    }
    block.place([try pooling(values, output)], at: AttentionLayout.constants)
    return block.bytes
  }

  private func pooling(
    _ input: TensorGrid, _ output: TensorGrid
  ) throws(Rescaler.Problem) -> PoolConstants {
    try PoolConstants(inputScale: Double(input.scale), outputScale: Double(output.scale))
  }

  /// One record, zero-padded to 64 bytes.
  private func record<Record: BitwiseCopyable>(_ record: Record) -> [UInt8] {
    var block = SectionBytes(size: 64)
    block.place([record], at: 0)
    return block.bytes
  }
}
