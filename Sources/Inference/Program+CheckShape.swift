extension Program {
  /// Rates, phases and channels of one operator whose record has been checked, as all before it have been wholly.
  func checkShape(_ index: Int) throws(ProgramProblem) {
    let step = operators[index]
    try checkRates(index)
    let from = tensors[Int(step.inputs[0])]
    let to = tensors[index + 1]
    var channels = Int(to.channels)
    switch step.kind {
    case .affine, .meanPool:
      channels = Int(from.channels)
    case .maxPool1D, .globalMaxPool:
      channels = Int(from.channels)
      guard from.scale == to.scale, from.zeroPoint == to.zeroPoint else {
        throw .grids(operator: index)
      }
    case .statisticsPool:
      channels = 2 * Int(from.channels)
    case .add:
      channels = Int(from.channels)
      guard tensors[Int(step.inputs[1])].channels == from.channels else {
        throw .shapes(operator: index)
      }
    case .attentionPool:
      channels = Int(from.channels)
      guard tensors[Int(step.inputs[1])].channels == 1 else { throw .shapes(operator: index) }
    case .concatenate:
      channels = 0
      for place in 0..<Int(step.inputCount) {
        channels += Int(tensors[Int(step.inputs[place])].channels)
      }
    default:
      break
    }
    guard channels == Int(to.channels) else { throw .shapes(operator: index) }
  }

  private func checkRates(_ index: Int) throws(ProgramProblem) {
    let step = operators[index]
    let rate = Int(tensors[Int(step.inputs[0])].rate)
    for place in 1..<4 where step.inputs[place] >= 0 {
      guard Int(tensors[Int(step.inputs[place])].rate) == rate else {
        throw .rates(operator: index)
      }
      guard delay(of: step.inputs[place]) == delay(of: step.inputs[0]) else {
        throw .phases(operator: index)
      }
    }
    var expected = rate
    switch step.kind {
    case .conv1D, .maxPool1D:
      guard rate > 0 else { throw .rates(operator: index) }
      expected = rate * Int(step.stride)
    case .lstm:
      guard rate > 0 else { throw .rates(operator: index) }
    case .attentionPool, .meanPool, .statisticsPool, .globalMaxPool:
      guard rate > 0 else { throw .rates(operator: index) }
      expected = 0
    case .logits:
      guard rate == 0 else { throw .rates(operator: index) }
    default:
      break
    }
    guard expected <= 1 << 20, Int(tensors[index + 1].rate) == expected else {
      throw .rate(tensor: index + 1, tensors[index + 1].rate, expected: expected)
    }
  }

  /// The input frame that completes the first row of a tensor. Inputs of a checked operator agree, so following the first
  /// is enough.
  private func delay(of tensor: Int32) -> Int {
    var index = tensor
    var delay = 0
    while index > 0 {
      let step = operators[Int(index) - 1]
      index = step.inputs[0]
      if step.kind == .maxPool1D {
        delay += (Int(step.kernel) - 1) * Int(tensors[Int(index)].rate)
      }
    }
    return delay
  }
}
