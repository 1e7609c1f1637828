import Inference

/// The real parameters of one operator of a float graph, beside its `Operator` record.
public enum OperatorParameters: Equatable, Sendable {
  /// For operators without parameters: pooling, add, concatenate, relu.
  case none
  /// For conv1D, dense and logits: `weights[n · depth + k]` with the depth index
  /// `tap · channels + channel` (tap 0 the oldest), and one bias per output.
  case matrix(weights: [Double], bias: [Double])
  /// For lstm: rows `gate · hidden + unit`, gates in order input, forget, cell, output; `input` is
  /// 4·hidden × channels, `recurrent` 4·hidden × hidden, both row by row; `bias` is the sum if the
  /// framework has two.
  case lstm(input: [Double], recurrent: [Double], bias: [Double])
  /// For affine: `scale[c] · x + offset[c]`.
  case affine(scale: [Double], offset: [Double])
  /// For conv2D and depthwise2D: `weights[n · depth + k]` with the depth index
  /// `tap · features + feature` (for a depthwise one, `tap`), taps row by row, and one bias per
  /// feature of the output.
  case plane(PlaneGeometry, weights: [Double], bias: [Double])
  /// For maxPool2D and averagePool2D.
  case planePool(PlaneGeometry)
  /// For pack: the widths of the groups of channels.
  case pack(widths: [Int])
  /// For simpleRNN: `input` is hidden × channels, `recurrent` hidden × hidden, both row by row.
  case simpleRNN(input: [Double], recurrent: [Double], bias: [Double])
  /// For centre: `x − amount[c] · Σ (x̄ − mean[c]) / (n + prior)` over a talker's past segments.
  case centre(amount: [Double], mean: [Double], prior: Int, segments: Int)
  /// For batchNorm.
  case batchNorm(
    gamma: [Double], beta: [Double], mean: [Double], variance: [Double], epsilon: Double)
}
