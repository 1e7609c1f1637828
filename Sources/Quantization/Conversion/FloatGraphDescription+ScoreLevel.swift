import Inference
import Reference

extension FloatGraphDescription {
  /// Shifts the scores of attention poolings that lie entirely on one side of zero, so that the
  /// largest over `ranges` is zero.
  ///
  /// Softmax ignores their level, but a grid always has a code for zero: scores around −40 would
  /// share only a few of the 256 codes.
  mutating func levelScores(_ ranges: ChannelRanges) {
    let readers = readers
    for step in operators where step.kind == .attentionPool {
      let scores = Int(step.inputs[1])
      guard scores > 0, readers[scores] == 1, !operators[scores - 1].hasRelu,
        case .matrix(let weights, let bias) = parameters[scores - 1],
        let range = ranges.ranges[scores][0], range.upperBound < 0 || range.lowerBound > 0
      else { continue }
      parameters[scores - 1] = .matrix(
        weights: weights, bias: bias.map { $0 - range.upperBound })
    }
  }
}
