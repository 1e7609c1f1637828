import Inference
import Reference

extension GraphConversion {
  /// A grid for each tensor: over its range in calibration or, where another operator stores its
  /// values once more, that operator's.
  ///
  /// Operators that only select or move values (maximum, window) keep their input's grid. A tensor
  /// that only a concatenation or a centring reads gets the grid on which they store it, and is
  /// thus rounded once and not twice; for an unknown talker, centring changes no code.
  static func grids(
    _ graph: FloatGraphDescription, _ ranges: [ClosedRange<Double>], _ gains: ChannelGains
  ) -> [TensorGrid] {
    let readers = graph.readers
    func isFree(_ tensor: Int32) -> Bool {
      guard tensor > 0, readers[Int(tensor)] == 1 else { return false }
      return graph.operators[Int(tensor) - 1].kind?.fitsAnyGrid == true
    }
    var ranges = ranges
    for step in graph.operators where step.kind == .centre && isFree(step.inputs[0]) {
      let (before, after) = (ranges[Int(step.inputs[0])], ranges[Int(step.output)])
      ranges[Int(step.output)] =
        min(before.lowerBound, after.lowerBound)...max(before.upperBound, after.upperBound)
    }
    var grids = separateGrids(graph, ranges)
    for (index, step) in graph.operators.enumerated().reversed() {
      let grid = grids[Int(step.output)]
      switch step.kind {
      case .centre where isFree(step.inputs[0]):
        grids[Int(step.inputs[0])] = grid
      case .concatenate:
        for place in 0..<Int(step.inputCount) where isFree(step.inputs[place]) {
          let scale = Float(Double(grid.scale) * gains.fill(index, place: place, of: graph))
          guard scale.isNormal else { continue }
          grids[Int(step.inputs[place])] = TensorGrid(scale: scale, zeroPoint: grid.zeroPoint)
        }
      default: break
      }
    }
    return grids
  }

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
  /// Whether its output may be on any grid: it neither keeps its input's, nor reads its own output.
  /// A centring has the grid of its input.
  fileprivate var fitsAnyGrid: Bool {
    switch self {
    case .lstm, .simpleRNN, .centre: false
    default: !keepsGrid
    }
  }
}
