extension Program {
  /// Checks channels and grids of one operator whose record, rates and geometry have been checked,
  /// after all earlier operators; `rows` are those of the tensors.
  func checkShape(
    _ index: Int, _ rows: RowCounts
  ) throws(ProgramProblem) {
    let step = operators[index]
    let from = tensors[Int(step.inputs[0])]
    let to = tensors[index + 1]
    var channels = Int(to.channels)
    switch step.kind {
    case .affine, .meanPool, .maxPool1D, .globalMaxPool, .window, .lastRow, .centre:
      channels = Int(from.channels)
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
    case .depthwise2D, .maxPool2D, .averagePool2D:
      let geometry = geometry(of: step)
      channels = Int(from.channels / geometry.columns) * geometry.outputColumns
    case .conv2D:
      guard channels % geometry(of: step).outputColumns == 0 else {
        throw .shapes(operator: index)
      }
    case .pack:
      guard Int(rows[Int(step.inputs[0])]) * Int(from.channels) % channels == 0 else {
        throw .shapes(operator: index)
      }
    default:
      break
    }
    guard channels == Int(to.channels) else { throw .shapes(operator: index) }
    guard step.kind?.keepsGrid == true else { return }
    guard from.scale == to.scale, from.zeroPoint == to.zeroPoint else {
      throw .grids(operator: index)
    }
  }

  /// Checks that the output of operator `index` has at least a row and at most the bytes that a
  /// graph may take, and that logits and centred tensors have exactly one row.
  func checkRows(
    _ index: Int, _ rows: RowCounts
  ) throws(ProgramProblem) {
    let count = Int(rows[index + 1])
    guard count >= 1 else { throw .geometry(operator: index) }
    let bytes = count * Int(tensors[index + 1].channels)
    guard bytes <= Program.maximumArena else { throw .tooLarge(bytes: bytes) }
    switch operators[index].kind {
    case .logits, .centre:
      guard rows[Int(operators[index].inputs[0])] == 1 else { throw .geometry(operator: index) }
    default:
      break
    }
  }

  /// Checks that the inputs of one operator have the same rate, phase and number of rows.
  func checkRates(
    _ index: Int, _ rows: RowCounts
  ) throws(ProgramProblem) {
    let step = operators[index]
    let first = Int(step.inputs[0])
    let rate = Int(tensors[first].rate)
    for place in 1..<4 where step.inputs[place] >= 0 {
      let other = Int(step.inputs[place])
      guard Int(tensors[other].rate) == rate else { throw .rates(operator: index) }
      guard rate == 0 || delay(of: step.inputs[place]) == delay(of: step.inputs[0]) else {
        throw .phases(operator: index)
      }
      guard rate > 0 || rows[other] == rows[first] else { throw .geometry(operator: index) }
    }
    var expected = rate
    switch step.kind {
    case .conv1D, .maxPool1D:
      guard rate > 0 else { throw .rates(operator: index) }
      expected = rate * Int(step.stride)
    case .window:
      guard rate > 0 else { throw .rates(operator: index) }
      expected = 0
    case .attentionPool, .meanPool, .statisticsPool, .globalMaxPool, .lastRow:
      expected = 0
    case .logits, .conv2D, .depthwise2D, .maxPool2D, .averagePool2D, .pack, .centre:
      guard rate == 0 else { throw .rates(operator: index) }
    default:
      break
    }
    guard expected <= 1 << 20, Int(tensors[index + 1].rate) == expected else {
      throw .rate(tensor: index + 1, tensors[index + 1].rate, expected: expected)
    }
  }

  /// The input frame that completes the first row of a tensor. Inputs of a checked operator agree,
  /// so following the first is enough.
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
