import FixedPoint

extension Program {
  /// Checks the parameter block of one operator whose record and shape have been checked.
  func checkParameters(_ index: Int) throws(ProgramProblem) {
    let step = operators[index]
    let from = tensors[Int(step.inputs[0])]
    let to = tensors[index + 1]
    switch step.kind {
    case .conv1D, .dense, .logits:
      let depth = Int(step.kernel) * Int(from.channels)
      guard depth <= 1 << 20 else { throw .shapes(operator: index) }
      let layout = MatrixLayout(outputs: Int(to.channels), depth: depth)
      let block = try checkedBlock(index, byteCount: layout.byteCount)
      let least: Int32 = step.kind == .logits ? 15 : 24
      for output in 0..<layout.paddedOutputs {
        try checkOutput(
          output, of: Matrix(layout, at: block), depth: depth, operator: index,
          zeroPoint: from.zeroPoint, leastShift: least)
      }
    case .conv2D, .depthwise2D:
      try checkPlaneMatrix(index, zeroPoint: from.zeroPoint)
    case .maxPool2D:
      _ = try checkedBlock(index, byteCount: PlaneGeometry.byteCount)
    case .averagePool2D:
      let block = try checkedBlock(index, byteCount: PlaneGeometry.byteCount + 64)
      try checkPool(index, at: block + PlaneGeometry.byteCount)
    case .pack:
      try checkPack(index, channels: Int(from.channels))
    case .lstm:
      try checkLSTM(index, from: from, to: to)
    case .simpleRNN:
      try checkSimpleRNN(index, from: from, to: to)
    case .affine:
      try checkAffine(index, channels: Int(to.channels))
    case .add:
      let block = try checkedBlock(index, byteCount: 64)
      let constants = block.load(as: AddConstants.self)
      guard 0...(1 << 21) ~= constants.first, 0...(1 << 21) ~= constants.second,
        1...30 ~= constants.shift
      else { throw .constants(operator: index) }
    case .concatenate:
      let constants = try checkedBlock(index, byteCount: 64).load(as: ConcatenateConstants.self)
      for place in 0..<4 {
        guard Program.isRescaler(constants.mantissas[place], constants.shifts[place]) else {
          throw .constants(operator: index)
        }
        guard place < Int(step.inputCount) || constants.mantissas[place] == 0 else {
          throw .constants(operator: index)
        }
      }
    case .attentionPool:
      let block = try checkedBlock(index, byteCount: AttentionLayout.byteCount)
      try checkAttention(index, at: block)
      try checkPool(index, at: block + AttentionLayout.constants)
    case .meanPool, .statisticsPool:
      try checkPool(index, at: checkedBlock(index, byteCount: 64))
    case .centre:
      try checkCentre(index, channels: Int(to.channels))
    default:
      _ = try checkedBlock(index, byteCount: 0)
    }
  }

  /// The block of operator `index`, which must be `byteCount` bytes inside the weights.
  func checkedBlock(
    _ index: Int, byteCount: Int
  ) throws(ProgramProblem) -> UnsafeRawPointer {
    let step = operators[index]
    guard step.parameters % UInt64(Arena.alignment) == 0, step.parameterBytes == UInt64(byteCount),
      step.parameters <= UInt64(weights.count),
      step.parameterBytes <= UInt64(weights.count) - step.parameters,
      let start = weights.baseAddress
    else { throw .parameters(operator: index) }
    return start + Int(step.parameters)
  }

  /// Whether `shift` is in range and `mantissa` is normalized or 0.
  static func isRescaler(_ mantissa: Int32, _ shift: Int32, leastShift: Int32 = 24) -> Bool {
    (mantissa == 0 || mantissa >= 1 << 30) && leastShift...62 ~= shift
  }

  /// The largest magnitude of an input code less its zero point.
  static func greatestInput(_ zeroPoint: Int32) -> Int64 {
    Int64(max(127 - zeroPoint, zeroPoint + 128))
  }

  private func checkAffine(_ index: Int, channels: Int) throws(ProgramProblem) {
    let layout = AffineLayout(channels: channels)
    let block = try checkedBlock(index, byteCount: layout.byteCount)
    for channel in 0..<layout.paddedChannels {
      let mantissa = block.load(fromByteOffset: layout.mantissas + 4 * channel, as: Int32.self)
      let offset = block.load(fromByteOffset: layout.offsets + 4 * channel, as: Int32.self)
      let shift = block.load(fromByteOffset: layout.shifts + 4 * channel, as: Int32.self)
      guard -(1 << 22)...(1 << 22) ~= mantissa, -(1 << 30)...(1 << 30) ~= offset,
        1...24 ~= shift
      else { throw .rescaler(operator: index, output: channel) }
      guard channel < channels || (mantissa == 0 && offset == 0) else {
        throw .padding(operator: index, output: channel)
      }
    }
  }

  /// Checks that means, amounts and constants are within the bounds that `Centring` assumes.
  private func checkCentre(_ index: Int, channels: Int) throws(ProgramProblem) {
    let layout = CentreLayout(channels: channels)
    let block = try checkedBlock(index, byteCount: layout.byteCount)
    let (mean, amount) = (CentreLayout.greatestMean, CentreLayout.greatestAmount)
    for channel in 0..<layout.paddedChannels {
      let ownMean = block.load(fromByteOffset: layout.means + 4 * channel, as: Int32.self)
      let ownAmount = block.load(fromByteOffset: layout.amounts + 4 * channel, as: Int32.self)
      guard -mean...mean ~= ownMean, -amount...amount ~= ownAmount else {
        throw .rescaler(operator: index, output: channel)
      }
      guard channel < channels || (ownMean == 0 && ownAmount == 0) else {
        throw .padding(operator: index, output: channel)
      }
    }
    let constants = (block + layout.constants).load(as: CentreConstants.self)
    guard Program.isRescaler(constants.mantissa, constants.shift),
      CentreConstants.segmentRange ~= constants.prior,
      CentreConstants.segmentRange ~= constants.segments
    else { throw .constants(operator: index) }
  }

  private func checkAttention(_ index: Int, at block: UnsafeRawPointer) throws(ProgramProblem) {
    var last: UInt32 = 1
    for code in 0..<256 {
      let weight = block.load(fromByteOffset: AttentionLayout.weights + 4 * code, as: UInt32.self)
      guard weight >= last else { throw .constants(operator: index) }
      last = weight
    }
    guard last == .max else { throw .constants(operator: index) }
  }

  private func checkPack(_ index: Int, channels: Int) throws(ProgramProblem) {
    let groups = Int(operators[index].kernel)
    let block = try checkedBlock(index, byteCount: (4 * groups + 63) & ~63)
    var total = 0
    for group in 0..<groups {
      let width = block.load(fromByteOffset: 4 * group, as: Int32.self)
      guard width >= 1 else { throw .constants(operator: index) }
      total += Int(width)
    }
    guard total == channels else { throw .constants(operator: index) }
  }

  private func checkPool(_ index: Int, at block: UnsafeRawPointer) throws(ProgramProblem) {
    let constants = block.load(as: PoolConstants.self)
    let rescaler = Rescaler(mantissa: constants.mantissa, shift: constants.shift)
    guard Program.isRescaler(constants.mantissa, constants.shift), rescaler.keeps(255 << 16) else {
      throw .constants(operator: index)
    }
  }
}
