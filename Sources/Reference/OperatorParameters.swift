/// The real parameters of one operator of a float graph, beside its `Operator` record.
public enum OperatorParameters: Equatable, Sendable {
  /// For operators that have none: pooling, add, concatenate, relu.
  case none
  /// For conv1D, dense and logits: `weights[n · depth + k]` with the depth index `tap · channels + channel` (tap 0 the
  /// oldest), and one bias per output.
  case matrix(weights: [Double], bias: [Double])
  /// For lstm: rows `gate · hidden + unit`, gates in order input, forget, cell, output; `input` is 4·hidden × channels,
  /// `recurrent` 4·hidden × hidden, both row by row; `bias` is the sum when the framework has two.
  case lstm(input: [Double], recurrent: [Double], bias: [Double])
  /// For affine: `scale[c] · x + offset[c]`.
  case affine(scale: [Double], offset: [Double])
  /// For batchNorm.
  case batchNorm(
    gamma: [Double], beta: [Double], mean: [Double], variance: [Double], epsilon: Double)
}
