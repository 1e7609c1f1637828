import Inference
import Reference

/// A normalized float graph as the device's program: records, parameter blocks, and the data that
/// the report needs.
struct GraphConversion: Sendable {
  /// The graph that was converted.
  let graph: FloatGraphDescription
  /// The divisors of the channels of each tensor.
  let gains: ChannelGains
  /// The records of the operators.
  private(set) var operators: [Operator] = []
  /// The records of the tensors.
  let tensors: [Tensor]
  /// The grids of the tensors.
  let grids: [TensorGrid]
  /// The weights section.
  private(set) var weights: [UInt8] = []
  /// The quantized matrices of each operator.
  private(set) var matrices: [[QuantizedMatrix]] = []

  /// Converts `graph`, whose operators must all exist on the device, with grids from `calibration`.
  init(
    _ graph: FloatGraphDescription, gains: ChannelGains, calibration: CalibrationResult,
    temperature: Double
  ) throws(QuantizationProblem) {
    self.graph = graph
    self.gains = gains
    let grids = GraphConversion.grids(graph, calibration.ranges, gains)
    self.grids = grids
    tensors = zip(graph.tensors, grids).map { tensor, grid in
      Tensor(
        channels: tensor.channels, rate: tensor.rate, scale: grid.scale, zeroPoint: grid.zeroPoint)
    }
    let encoder = OperatorEncoder(
      graph: graph, gains: gains, grids: grids, largestCells: calibration.largestCells,
      temperature: temperature)
    for index in graph.operators.indices {
      let (block, matrices) = try encoder.encode(index)
      var step = graph.operators[index]
      step.parameters = block.isEmpty ? 0 : UInt64(weights.count)
      step.parameterBytes = UInt64(block.count)
      operators.append(step)
      self.matrices.append(matrices)
      weights += block
    }
  }
}
