import Reference

extension OperatorParameters {
  /// Number of weights that take a byte each in the device's file.
  var weightCount: Int {
    switch self {
    case .matrix(let weights, _), .plane(_, let weights, _): weights.count
    case .lstm(let input, let recurrent, _), .simpleRNN(let input, let recurrent, _):
      input.count + recurrent.count
    case .none, .affine, .planePool, .pack, .centre, .batchNorm: 0
    }
  }
}
