import Glibc
import Inference

/// A network in double precision, over all rows of a context at once: the network as trained, and
/// the oracle of the integer engine.
///
/// It takes the same `Operator` records with the same meaning: convolutions are causal, strides and
/// poolings count from the context's first row, partial pooling windows are dropped, pooling no
/// rows gives zeros; a window holds the last rows, zero-padded at the end if there are fewer.
public struct FloatGraph: Sendable {
  /// In order of execution; operator i computes tensor i + 1.
  public let operators: [Operator]
  /// One more than operators; only channels and rates matter here.
  public let tensors: [Tensor]
  /// One for each operator.
  public let parameters: [OperatorParameters]

  /// The values of all tensors for a context.
  public struct Trace: Sendable {
    /// The rows of every tensor. Those that exist once per decision have one.
    public var tensors: [FloatRows]
    /// The largest magnitude of each operator's cells; 0 for all but LSTMs.
    public var greatestCells: [Double]

    /// The one row of the last tensor.
    public var logits: [Double] { tensors[tensors.count - 1].values }
  }

  /// A graph of operators whose parameters have matching sizes.
  public init(operators: [Operator], tensors: [Tensor], parameters: [OperatorParameters]) {
    precondition(tensors.count == operators.count + 1 && parameters.count == operators.count)
    self.operators = operators
    self.tensors = tensors
    self.parameters = parameters
  }

  /// Runs a whole context of `features` and keeps everything. Speech is `talker`'s; without one the
  /// talker is unknown, and nothing is subtracted.
  public func trace(_ features: FloatRows, _ talker: FloatTalker? = nil) -> Trace {
    var trace = Trace(tensors: [features], greatestCells: [])
    for (index, step) in operators.enumerated() {
      let inputs = (0..<Int(step.inputCount)).map { trace.tensors[Int(step.inputs[$0])] }
      var greatestCell = 0.0
      var output =
        step.kind == .centre
        ? centred(inputs[0], talker?.offset(ofOperator: index))
        : apply(step, parameters[index], to: inputs, greatestCell: &greatestCell)
      if step.hasRelu { output = output.map { value, _ in max(value, 0) } }
      trace.tensors.append(output)
      trace.greatestCells.append(greatestCell)
    }
    return trace
  }

  /// The logits of a context of `features` of an unknown talker, before any temperature.
  public func logits(_ features: FloatRows) -> [Double] { trace(features).logits }

  private func centred(_ rows: FloatRows, _ offset: [Double]?) -> FloatRows {
    guard let offset else { return rows }
    return rows.map { value, channel in value - offset[channel] }
  }

  private func apply(
    _ step: Operator, _ parameters: OperatorParameters, to inputs: [FloatRows],
    greatestCell: inout Double
  ) -> FloatRows {
    let rows = inputs[0]
    switch (step.kind, parameters) {
    case (.conv1D, .matrix(let weights, let bias)):
      return product(columns(step, rows), weights, bias)
    case (.dense, .matrix(let weights, let bias)), (.logits, .matrix(let weights, let bias)):
      return product(rows, weights, bias)
    case (.lstm, .lstm(let input, let recurrent, let bias)):
      return lstm(product(rows, input, bias), recurrent, greatestCell: &greatestCell)
    case (.affine, .affine(let scale, let offset)):
      return rows.map { value, channel in scale[channel] * value + offset[channel] }
    case (.batchNorm, .batchNorm(let gamma, let beta, let mean, let variance, let epsilon)):
      return rows.map { value, channel in
        gamma[channel] * (value - mean[channel]) / (variance[channel] + epsilon).squareRoot()
          + beta[channel]
      }
    case (.relu, _):
      return rows.map { value, _ in max(value, 0) }
    case (.add, _):
      return FloatRows(
        channels: rows.channels, values: zip(rows.values, inputs[1].values).map { $0 + $1 })
    case (.concatenate, _):
      return FloatRows(
        channels: inputs.reduce(0) { $0 + $1.channels },
        values: (0..<rows.count).flatMap { row in inputs.flatMap { $0[row] } })
    case (.maxPool1D, _):
      return maxima(rows, kernel: Int(step.kernel), stride: Int(step.stride))
    case (.globalMaxPool, _):
      return rows.count == 0
        ? FloatRows(zeros: 1, channels: rows.channels)
        : maxima(rows, kernel: rows.count, stride: 1)
    case (.meanPool, _):
      return mean(rows, weights: Array(repeating: 1, count: rows.count))
    case (.statisticsPool, _):
      return statistics(rows)
    case (.attentionPool, _):
      let scores = inputs[1].values
      let greatest = scores.max() ?? 0
      return mean(rows, weights: scores.map { exp($0 - greatest) })
    case (.window, _):
      return window(rows, length: Int(step.kernel))
    case (.lastRow, _):
      return rows.count == 0
        ? FloatRows(zeros: 1, channels: rows.channels)
        : FloatRows(channels: rows.channels, values: Array(rows[rows.count - 1]))
    case (.conv2D, .plane(let geometry, let weights, let bias)):
      return planeProduct(rows, geometry, weights, bias)
    case (.depthwise2D, .plane(let geometry, let weights, let bias)):
      return depthwise(rows, geometry, weights, bias)
    case (.maxPool2D, .planePool(let geometry)):
      return overPlane(rows, geometry) { seen in
        seen.dropFirst().reduce(seen[0]) { zip($0, $1).map { max($0, $1) } }
      }
    case (.averagePool2D, .planePool(let geometry)):
      return overPlane(rows, geometry) { seen in
        seen.dropFirst().reduce(seen[0]) { zip($0, $1).map { $0 + $1 } }
          .map { $0 / Double(seen.count) }
      }
    case (.pack, .pack(let widths)):
      return packed(rows, widths, channels: Int(tensors[Int(step.output)].channels))
    case (.simpleRNN, .simpleRNN(let input, let recurrent, let bias)):
      return simpleRNN(product(rows, input, bias), recurrent)
    default:
      preconditionFailure("operator \(step) does not go with its parameters")
    }
  }
}
