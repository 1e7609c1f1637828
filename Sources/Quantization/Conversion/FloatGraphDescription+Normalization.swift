import Inference
import Reference

extension FloatGraphDescription {
  /// The same function in the device's operators: no batch normalization, no separate ReLU.
  ///
  /// - A batch normalization directly after a convolution or dense layer, and its only reader, is
  ///   folded into the weights. That is exact: a convolution is padded with real zero *before* it,
  ///   which scaling its outputs does not affect. Anywhere else (after a ReLU or a pooling, before
  ///   a convolution) folding would change the function, and it becomes an `affine`.
  /// - A ReLU directly after an operator that can clamp, and its only reader, becomes that
  ///   operator's flag. Anywhere else it becomes an identity `affine` with that flag.
  func normalized() -> FloatGraphDescription {
    var normalization = Normalization(self)
    for index in operators.indices { normalization.take(index) }
    return normalization.result
  }

  /// How many operators read each tensor.
  var readers: [Int] {
    var readers = [Int](repeating: 0, count: tensors.count)
    for step in operators {
      for place in 0..<Int(step.inputCount) { readers[Int(step.inputs[place])] += 1 }
    }
    return readers
  }
}

private struct Normalization {
  private let source: FloatGraphDescription
  private let readers: [Int]
  /// Index in the result of each tensor of the source.
  private var places: [Int32]
  private(set) var result: FloatGraphDescription

  init(_ source: FloatGraphDescription) {
    self.source = source
    readers = source.readers
    places = [Int32](repeating: 0, count: source.tensors.count)
    result = FloatGraphDescription(inputChannels: Int(source.tensors[0].channels))
  }

  mutating func take(_ index: Int) {
    let step = source.operators[index]
    switch (step.kind, source.parameters[index]) {
    case (.batchNorm, .batchNorm(let gamma, let beta, let mean, let variance, let epsilon)):
      let scale = zip(gamma, variance).map { $0 / ($1 + epsilon).squareRoot() }
      let offset = zip(zip(beta, mean), scale).map { $0.0 - $0.1 * $1 }
      scaleAndOffset(index, scale, offset)
    case (.affine, .affine(let scale, let offset)):
      scaleAndOffset(index, scale, offset)
    case (.relu, _):
      clamp(index)
    default:
      append(index, step, source.parameters[index])
    }
  }

  /// The operator of the result that makes the input of `index`, if nothing else reads its output.
  private func soleProducer(_ index: Int) -> Int? {
    let input = Int(source.operators[index].inputs[0])
    guard input > 0, readers[input] == 1, places[input] > 0 else { return nil }
    return Int(places[input]) - 1
  }

  private mutating func scaleAndOffset(_ index: Int, _ scale: [Double], _ offset: [Double]) {
    if let producer = soleProducer(index), !result.operators[producer].hasRelu,
      let folded = Normalization.folded(result.parameters[producer], scale, offset)
    {
      result.parameters[producer] = folded
      merge(index, into: producer)
    } else {
      let step = source.operators[index]
      append(
        index, Operator(.affine, inputs: step.inputs, output: 0),
        .affine(scale: scale, offset: offset))
    }
  }

  private mutating func clamp(_ index: Int) {
    if let producer = soleProducer(index),
      let kind = result.operators[producer].kind,
      [.conv1D, .dense, .affine, .add, .conv2D, .depthwise2D, .centre].contains(kind)
    {
      result.operators[producer].flags |= Operator.relu
      merge(index, into: producer)
    } else {
      let step = source.operators[index]
      let channels = Int(source.tensors[Int(step.output)].channels)
      append(
        index, Operator(.affine, inputs: step.inputs, output: 0, relu: true),
        .affine(
          scale: Array(repeating: 1, count: channels), offset: Array(repeating: 0, count: channels))
      )
    }
  }

  private mutating func merge(_ index: Int, into producer: Int) {
    places[Int(source.operators[index].output)] = Int32(producer + 1)
    result.names[producer] += "+" + source.names[index]
  }

  private mutating func append(
    _ index: Int, _ operation: Operator, _ parameters: OperatorParameters
  ) {
    var operation = operation
    for place in 0..<Int(operation.inputCount) {
      operation.inputs[place] = places[Int(operation.inputs[place])]
    }
    let output = Int(source.operators[index].output)
    places[output] = result.append(
      operation, output: source.tensors[output], parameters: parameters, name: source.names[index])
  }

  /// The parameters of the operator with a scale and offset folded in; nil if they cannot be. For
  /// an image, scale and offset repeat for every column; for a sequence made from an image, each
  /// place has its own, which a convolution cannot represent.
  private static func folded(
    _ parameters: OperatorParameters, _ scale: [Double], _ offset: [Double]
  ) -> OperatorParameters? {
    func matrix(_ weights: [Double], _ bias: [Double]) -> (weights: [Double], bias: [Double]) {
      (
        scaled(weights, rows: Array(scale.prefix(bias.count))),
        zip(zip(bias, scale), offset).map { $0.0 * $0.1 + $1 }
      )
    }
    switch parameters {
    case .matrix(let weights, let bias):
      let (weights, bias) = matrix(weights, bias)
      return .matrix(weights: weights, bias: bias)
    case .plane(let geometry, let weights, let bias):
      guard repeats(scale, every: bias.count), repeats(offset, every: bias.count) else {
        return nil
      }
      let (weights, bias) = matrix(weights, bias)
      return .plane(geometry, weights: weights, bias: bias)
    default:
      return nil
    }
  }

  private static func repeats(_ values: [Double], every count: Int) -> Bool {
    values.indices.allSatisfy { values[$0] == values[$0 % count] }
  }

  private static func scaled(_ weights: [Double], rows scale: [Double]) -> [Double] {
    let depth = weights.count / scale.count
    return weights.indices.map { weights[$0] * scale[$0 / depth] }
  }
}
