import Inference
import Reference

/// By how much each channel of each tensor is divided before it is quantized.
///
/// All channels of a tensor share one int8 grid, so a channel with a large range makes it coarse
/// for the others. Most operators commute with a positive factor (ReLU, sums, maxima, means,
/// deviations). Dividing the rows of the matrix before and multiplying the columns of the matrix
/// after changes nothing but the ranges in between, and the device needs no extra arithmetic.
///
/// - The outputs of convolutions, dense layers and affines can be divided by any factor. Channels
///   that meet in a sum share their factor, as do those before and after a centring.
/// - Features, the outputs of recurrent layers, images, packed values, attention scores and logits
///   stay undivided.
/// - A concatenation rescales each of its inputs anyway: each gets the factor that gives it as many
///   codes as the others.
///
/// Source: Nagel et al., arXiv:1906.04721 (cross-layer equalization); Xiao et al., arXiv:2211.10438
/// (the exponent).
struct ChannelGains: Sendable {
  /// By tensor, then channel.
  let gains: [[Double]]

  /// A channel of peak p is divided by p to this power: 0 would change nothing, 1 would give all
  /// channels the same range and move all of the disparity to the next weights. Measured best on
  /// models of the default kind (docs/QUANTIZATION.md).
  static let strength = 0.75

  /// The gains of a graph whose channels have these `ranges`.
  init(_ graph: FloatGraphDescription, _ ranges: ChannelRanges) {
    var families = ChannelFamilies(graph)
    families.gather(ranges)
    var gains = [families.fixedGains(0)]
    for (index, step) in graph.operators.enumerated() {
      let inputs = (0..<Int(step.inputCount)).map { Int(step.inputs[$0]) }
      switch step.kind {
      case .conv1D, .dense, .affine, .conv2D, .depthwise2D:
        gains.append(families.gains(index + 1, strength: ChannelGains.strength))
      case .statisticsPool:
        gains.append(gains[inputs[0]] + gains[inputs[0]])
      case .concatenate:
        let isFree = families.isFree(index)
        gains.append(
          inputs.flatMap { input in
            let width = isFree ? ranges.width(input, dividedBy: gains[input]) : 2
            return gains[input].map { $0 * (width > 0 ? width / 2 : 1) }
          })
      case .lstm, .simpleRNN, .logits, .pack:
        gains.append(families.fixedGains(index + 1))
      case .maxPool2D, .averagePool2D:
        gains.append(
          gains[inputs[0]].count == Int(graph.tensors[index + 1].channels)
            ? gains[inputs[0]] : families.fixedGains(index + 1))
      default:
        gains.append(gains[inputs[0]])
      }
    }
    self.gains = gains
  }

  /// The parameters of operator `index` with its tensors divided.
  func parameters(_ index: Int, of graph: FloatGraphDescription) -> OperatorParameters {
    let step = graph.operators[index]
    let before = gains[Int(step.inputs[0])]
    let after = gains[index + 1]
    switch graph.parameters[index] {
    case .matrix(let weights, let bias):
      return .matrix(
        weights: ChannelGains.scaled(weights, columns: before, rows: after),
        bias: zip(bias, after).map { $0 / $1 })
    case .plane(let geometry, let weights, let bias):
      let isDepthwise = step.kind == .depthwise2D
      let scaled = ChannelGains.scaled(
        weights, columns: isDepthwise ? [1] : before, rows: Array(after.prefix(bias.count)))
      return .plane(
        geometry,
        weights: isDepthwise
          ? scaled.indices.map { scaled[$0] * before[$0 / geometry.taps] } : scaled,
        bias: zip(bias, after).map { $0 / $1 })
    case .simpleRNN(let input, let recurrent, let bias):
      let rows = [Double](repeating: 1, count: bias.count)
      return .simpleRNN(
        input: ChannelGains.scaled(input, columns: before, rows: rows), recurrent: recurrent,
        bias: bias)
    case .lstm(let input, let recurrent, let bias):
      let rows = [Double](repeating: 1, count: bias.count)
      return .lstm(
        input: ChannelGains.scaled(input, columns: before, rows: rows), recurrent: recurrent,
        bias: bias)
    case .affine(let scale, let offset):
      return .affine(
        scale: scale.indices.map { scale[$0] * before[$0] / after[$0] },
        offset: zip(offset, after).map { $0 / $1 })
    case .centre(let amount, let mean, let prior, let segments):
      // Its output is divided like its input, and so is everything it remembers.
      return .centre(
        amount: amount, mean: zip(mean, before).map { $0 / $1 }, prior: prior, segments: segments)
    case let other:
      return other
    }
  }

  /// The factor between input `place` of concatenation `index` and its part of the output.
  func fill(_ index: Int, place: Int, of graph: FloatGraphDescription) -> Double {
    let step = graph.operators[index]
    let start = (0..<place).reduce(0) { $0 + gains[Int(step.inputs[$1])].count }
    return gains[index + 1][start] / gains[Int(step.inputs[place])][0]
  }

  /// Columns repeat for every tap of a convolution.
  private static func scaled(
    _ weights: [Double], columns: [Double], rows: [Double]
  ) -> [Double] {
    let depth = weights.count / rows.count
    return weights.indices.map {
      weights[$0] * columns[$0 % depth % columns.count] / rows[$0 / depth]
    }
  }
}
