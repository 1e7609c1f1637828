import Inference
import Reference

extension GraphConversion {
  /// The report's layers: the features, then every operator.
  func layers(
    _ calibration: Calibration, _ comparison: Comparison
  ) -> [QuantizationReport.Layer] {
    let input = QuantizationReport.Layer(
      name: "features", operation: "input", channels: Int(tensors[0].channels), rate: 1,
      grid: grids[0], signalToNoise: comparison.tensors[0].decibels, weightSignalToNoise: nil,
      parameterCount: 0, multiplications: 0, activations: calibration.histograms[0],
      weightCodes: [])
    return [input] + operators.indices.map { layer($0, calibration, comparison) }
  }

  private func layer(
    _ index: Int, _ calibration: Calibration, _ comparison: Comparison
  ) -> QuantizationReport.Layer {
    let isLogits = index == operators.count - 1
    let tensor = tensors[index + 1]
    var codes: [Int] = []
    for matrix in matrices[index] {
      if codes.isEmpty { codes = Array(repeating: 0, count: 255) }
      for code in matrix.codes { codes[Int(code) + 127] += 1 }
    }
    return QuantizationReport.Layer(
      name: graph.names[index], operation: operators[index].words,
      channels: Int(tensor.channels), rate: Int(tensor.rate),
      grid: isLogits ? nil : grids[index + 1],
      signalToNoise: isLogits
        ? comparison.logits.decibels : comparison.tensors[index + 1].decibels,
      weightSignalToNoise: weightSignalToNoise(index),
      parameterCount: graph.parameters[index].count,
      multiplications: matrices[index].reduce(0) { $0 + $1.codes.count } * places(index),
      activations: calibration.histograms[index + 1], weightCodes: codes)
  }

  /// How often a decision runs the matrices of operator `index`: 1 along time, where
  /// multiplications are counted per row.
  private func places(_ index: Int) -> Int {
    guard tensors[index + 1].rate == 0 else { return 1 }
    let rows = graph.rowCounts[index + 1]
    if case .plane(let geometry, _, _) = graph.parameters[index] {
      return rows * geometry.outputColumns
    }
    return rows
  }

  private func weightSignalToNoise(_ index: Int) -> Double? {
    var ratio = SignalToNoise()
    for (matrix, weights) in zip(matrices[index], gains.parameters(index, of: graph).matrices) {
      for (position, weight) in weights.enumerated() { ratio.add(weight, matrix.real(position)) }
    }
    return matrices[index].isEmpty ? nil : ratio.decibels
  }
}

extension OperatorParameters {
  /// The weights of each matrix, which take a byte each in the device's file.
  var matrices: [[Double]] {
    switch self {
    case .matrix(let weights, _), .plane(_, let weights, _): [weights]
    case .lstm(let input, let recurrent, _), .simpleRNN(let input, let recurrent, _):
      [input, recurrent]
    case .none, .affine, .batchNorm, .planePool, .pack, .centre: []
    }
  }

  /// The number of values.
  var count: Int {
    switch self {
    case .none, .planePool, .pack: 0
    case .matrix(let weights, let bias), .plane(_, let weights, let bias):
      weights.count + bias.count
    case .lstm(let input, let recurrent, let bias),
      .simpleRNN(let input, let recurrent, let bias):
      input.count + recurrent.count + bias.count
    case .affine(let scale, let offset): scale.count + offset.count
    case .centre(let amount, let mean, _, _): amount.count + mean.count
    case .batchNorm(let gamma, let beta, let mean, let variance, _):
      gamma.count + beta.count + mean.count + variance.count
    }
  }
}
