import Acoustics
import Inference
import Recognition

extension Model {
  /// Multiplications of the network for a second of speech, its own decisions among them.
  public var multiplicationsPerSecond: Double {
    let framesPerSecond = Double(frontEnd.definition.sampleRate) / Double(frontEnd.definition.hop)
    let decision =
      Double(program.multiplicationsPerDecision) / Double(recognition.parameters.interimFrames)
    return framesPerSecond * (program.multiplicationsPerFrame + decision)
  }
}

extension Program {
  /// Multiplications that operator `index` needs: for one row along time, or for a decision. What
  /// only moves or compares needs none.
  public func multiplications(ofOperator index: Int) -> Int {
    ActivationPlan(self).multiplications(ofOperator: index, of: self)
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
