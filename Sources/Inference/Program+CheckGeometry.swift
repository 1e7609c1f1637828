extension Program {
  /// Checks the record at the start of a plane operator's block, before anything else reads it.
  func checkGeometry(
    _ index: Int, _ rows: RowCounts
  ) throws(ProgramProblem) {
    let step = operators[index]
    switch step.kind {
    case .conv2D, .depthwise2D, .maxPool2D, .averagePool2D: break
    default: return
    }
    guard step.parameterBytes >= UInt64(PlaneGeometry.byteCount) else {
      throw .parameters(operator: index)
    }
    _ = try checkedBlock(index, byteCount: Int(clamping: step.parameterBytes))
    let geometry = geometry(of: step)
    let channels = tensors[Int(step.inputs[0])].channels
    guard geometry.columns >= 1, channels % geometry.columns == 0 else {
      throw .geometry(operator: index)
    }
    let isPooling = step.kind == .maxPool2D || step.kind == .averagePool2D
    for axis in 0..<2 {
      let range = 1...PlaneGeometry.limit
      guard range ~= geometry.kernel[axis], range ~= geometry.stride[axis],
        1...(isPooling ? 1 : PlaneGeometry.limit) ~= geometry.dilation[axis]
      else { throw .geometry(operator: index) }
      // Padding is less than the kernel's span: every output of a pooling sees at least one place.
      let extent = geometry.extent(axis)
      guard 0..<extent ~= Int(geometry.before[axis]), 0..<extent ~= Int(geometry.after[axis])
      else { throw .geometry(operator: index) }
    }
    guard geometry.taps <= PlaneGeometry.maximumTaps,
      geometry.outputs(0, of: Int(rows[Int(step.inputs[0])])) >= 1, geometry.outputColumns >= 1
    else { throw .geometry(operator: index) }
  }

  /// Multiplications of operator `index` for one row along time, or for all rows of a decision,
  /// given each tensor's `rows`. Operators that only move or compare need none.
  func multiplications(
    ofOperator index: Int, _ rows: RowCounts
  ) -> Int {
    let step = operators[index]
    let inputs = Int(tensors[Int(step.inputs[0])].channels)
    let outputs = Int(tensors[index + 1].channels)
    let count = tensors[index + 1].rate == 0 ? Int(rows[index + 1]) : 1
    switch step.kind {
    case .conv1D, .dense, .logits: return count * outputs * inputs * Int(step.kernel)
    case .lstm: return count * 4 * outputs * (inputs + outputs)
    case .simpleRNN: return count * outputs * (inputs + outputs)
    case .conv2D:
      let geometry = geometry(of: step)
      return count * outputs * geometry.taps * (inputs / Int(geometry.columns))
    case .depthwise2D:
      return count * outputs * geometry(of: step).taps
    default: return 0
    }
  }

  /// Values that a pooling over a plane reads in a decision, given each tensor's `rows`.
  func comparisons(ofOperator index: Int, _ rows: RowCounts) -> Int {
    let step = operators[index]
    guard step.kind == .maxPool2D || step.kind == .averagePool2D else { return 0 }
    return Int(rows[index + 1]) * Int(tensors[index + 1].channels) * geometry(of: step).taps
  }
}
