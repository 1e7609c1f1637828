import Acoustics
import Inference
import Recognition

extension Model {
  /// Multiplications of the network for a second of speech, including its own decisions.
  public var multiplicationsPerSecond: Double {
    let framesPerSecond = Double(frontEnd.definition.sampleRate) / Double(frontEnd.definition.hop)
    let decision =
      Double(program.multiplicationsPerDecision) / Double(recognition.parameters.interimFrames)
    return framesPerSecond * (program.multiplicationsPerFrame + decision)
  }
}

extension Program {
  /// Multiplications of operator `index` for one row along time, or for a decision. Operators that
  /// only move or compare need none.
  public func multiplications(ofOperator index: Int) -> Int {
    ActivationPlan(self).multiplications(ofOperator: index, of: self)
  }

  /// Multiplications per input frame, averaged over strides: the load during speech.
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
