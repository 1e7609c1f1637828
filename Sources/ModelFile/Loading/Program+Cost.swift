import Inference

extension Program {
  /// Multiplications that operator `index` needs for one row of its output; what only moves or compares needs none.
  public func multiplications(ofOperator index: Int) -> Int {
    let step = operators[index]
    let inputs = Int(tensors[Int(step.inputs[0])].channels)
    let outputs = Int(tensors[index + 1].channels)
    switch step.kind {
    case .conv1D, .dense, .logits: return outputs * inputs * Int(step.kernel)
    case .lstm: return 4 * outputs * (inputs + outputs)
    default: return 0
    }
  }

  /// Multiplications per input frame, averaged over strides: what runs while somebody speaks.
  public var multiplicationsPerFrame: Double {
    operators.indices.reduce(0) { sum, index in
      let rate = tensors[index + 1].rate
      return rate == 0 ? sum : sum + Double(multiplications(ofOperator: index)) / Double(rate)
    }
  }

  /// Multiplications per decision.
  public var multiplicationsPerDecision: Int {
    operators.indices.reduce(0) { sum, index in
      tensors[index + 1].rate == 0 ? sum + multiplications(ofOperator: index) : sum
    }
  }
}
