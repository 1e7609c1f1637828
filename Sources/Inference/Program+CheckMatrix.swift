import FixedPoint

extension Program {
  /// Checks one output of a matrix: weights in range, padding zero, and no input for which a sum or
  /// its rescaled value leaves 32 bits. (A partial sum cannot either: the bound holds for any part
  /// of it, in any order.) Returns the bound, rescaled.
  @discardableResult
  func checkOutput(
    _ output: Int, of matrix: Matrix, depth: Int, operator index: Int, zeroPoint: Int32,
    leastShift: Int32 = 24
  ) throws(ProgramProblem) -> Int64 {
    let row = matrix.weights + ((output & ~15) * matrix.paddedDepth + (output & 15) * 4)
    var total: Int64 = 0
    for column in 0..<matrix.paddedDepth {
      let weight = row[(column >> 2) * 64 + column & 3]
      guard weight != .min else { throw .weightOutOfRange(operator: index, output: output) }
      guard weight == 0 || (column < depth && output < matrix.outputs) else {
        throw .padding(operator: index, output: output)
      }
      total += Int64(weight.magnitude)
    }
    let bias = matrix.biases[output]
    guard output < matrix.outputs || (bias == 0 && matrix.mantissas[output] == 0) else {
      throw .padding(operator: index, output: output)
    }
    guard
      Program.isRescaler(matrix.mantissas[output], matrix.shifts[output], leastShift: leastShift)
    else { throw .rescaler(operator: index, output: output) }
    let bound = Int64(bias.magnitude) + total * Program.greatestInput(zeroPoint)
    let rescaler = matrix.rescaler(output)
    guard rescaler.keeps(bound) else { throw .overflow(operator: index, output: output) }
    return (bound &* Int64(rescaler.mantissa)) &>> Int64(rescaler.shift) + 1
  }

  /// Checks the matrix of a convolution over a plane, whose geometry has been checked.
  func checkPlaneMatrix(_ index: Int, zeroPoint: Int32) throws(ProgramProblem) {
    let layout = planeMatrix(of: operators[index])
    guard layout.depth <= 1 << 20 else { throw .shapes(operator: index) }
    let block = try checkedBlock(index, byteCount: PlaneGeometry.byteCount + layout.byteCount)
    let matrix = Matrix(layout, at: block + PlaneGeometry.byteCount)
    for output in 0..<layout.paddedOutputs {
      try checkOutput(
        output, of: matrix, depth: layout.depth, operator: index, zeroPoint: zeroPoint)
    }
  }

  /// Checks the block of an LSTM: both matrices, and its constants.
  func checkLSTM(_ index: Int, from: Tensor, to: Tensor) throws(ProgramProblem) {
    let block = try checkRecurrent(index, gates: 4, from: from, to: to)
    let constants = block.load(as: LSTMConstants.self)
    guard 0...15 ~= constants.cellFractionBits,
      Program.isRescaler(constants.mantissa, constants.shift),
      Rescaler(mantissa: constants.mantissa, shift: constants.shift).keeps(1 << 30)
    else { throw .constants(operator: index) }
  }

  /// Checks the block of a simple recurrent layer: both matrices, and its constants.
  func checkSimpleRNN(_ index: Int, from: Tensor, to: Tensor) throws(ProgramProblem) {
    let block = try checkRecurrent(index, gates: 1, from: from, to: to)
    let constants = block.load(as: PoolConstants.self)
    guard Program.isRescaler(constants.mantissa, constants.shift),
      Rescaler(mantissa: constants.mantissa, shift: constants.shift).keeps(1 << 15)
    else { throw .constants(operator: index) }
  }

  /// Checks both matrices of a recurrent layer, and that the sum of their rescaled values fits into
  /// 32 bits too. Returns the address of the constants.
  private func checkRecurrent(
    _ index: Int, gates: Int, from: Tensor, to: Tensor
  ) throws(ProgramProblem) -> UnsafeRawPointer {
    let hidden = Int(to.channels)
    guard hidden <= 16384 else { throw .shapes(operator: index) }
    let layout = RecurrentLayout(gates: gates, channels: Int(from.channels), hidden: hidden)
    let block = try checkedBlock(index, byteCount: layout.byteCount)
    let input = Matrix(layout.input, at: block)
    let recurrent = Matrix(layout.recurrent, at: block + layout.recurrentOffset)
    for output in 0..<layout.input.paddedOutputs {
      let first = try checkOutput(
        output, of: input, depth: layout.input.depth, operator: index, zeroPoint: from.zeroPoint)
      let second = try checkOutput(
        output, of: recurrent, depth: hidden, operator: index, zeroPoint: to.zeroPoint)
      guard first + second < Int64(Int32.max) else {
        throw .overflow(operator: index, output: output)
      }
    }
    return block + layout.constants
  }
}
