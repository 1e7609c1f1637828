import Inference
import Reference

extension GraphConversion {
  /// A grid for each tensor: over its range in calibration or, if its only reader stores its values
  /// once more, that reader's. Then they are rounded once and not twice.
  ///
  /// Such readers are concatenations and, without a ReLU, which needs only half of what it reads,
  /// centrings; for an unknown talker, these then change no code.
  static func grids(
    _ graph: FloatGraphDescription, _ ranges: [ClosedRange<Double>], _ gains: ChannelGains
  ) -> [TensorGrid] {
    let readers = graph.readers
    func takesReadersGrid(_ tensor: Int32) -> Bool {
      guard tensor > 0, readers[Int(tensor)] == 1 else { return false }
      return graph.operators[Int(tensor) - 1].kind?.fitsAnyGrid == true
    }
    let centrings = graph.operators.filter {
      $0.kind == .centre && !$0.hasRelu && takesReadersGrid($0.inputs[0])
    }
    var ranges = ranges
    for step in centrings {
      let (before, after) = (ranges[Int(step.inputs[0])], ranges[Int(step.output)])
      ranges[Int(step.output)] =
        min(before.lowerBound, after.lowerBound)...max(before.upperBound, after.upperBound)
    }
    var grids = separateGrids(graph, ranges)
    for step in centrings { grids[Int(step.inputs[0])] = grids[Int(step.output)] }
    for (index, step) in graph.operators.enumerated().reversed() where step.kind == .concatenate {
      let grid = grids[Int(step.output)]
      for place in 0..<Int(step.inputCount) where takesReadersGrid(step.inputs[place]) {
        let scale = Float(Double(grid.scale) * gains.fill(index, place: place, of: graph))
        guard scale.isNormal else { continue }
        grids[Int(step.inputs[place])] = TensorGrid(scale: scale, zeroPoint: grid.zeroPoint)
      }
    }
    return grids
  }

  /// Operators that only select or move codes (maximum, window) keep their input's grid.
  private static func separateGrids(
    _ graph: FloatGraphDescription, _ ranges: [ClosedRange<Double>]
  ) -> [TensorGrid] {
    var grids = [TensorGrid.features]
    for step in graph.operators {
      switch step.kind {
      case .logits: grids.append(.none)
      case let kind? where kind.keepsGrid: grids.append(grids[Int(step.inputs[0])])
      default: grids.append(TensorGrid(covering: ranges[Int(step.output)]))
      }
    }
    return grids
  }
}

extension OperatorKind {
  /// Whether its output may get its reader's grid. A recurrent layer reads its output itself, and a
  /// concatenation's range need not cover what a centring reads.
  fileprivate var fitsAnyGrid: Bool {
    switch self {
    case .lstm, .simpleRNN, .centre: false
    default: !keepsGrid
    }
  }
}
