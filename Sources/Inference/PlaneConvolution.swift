import FixedPoint

/// Convolution over the plane of a window, with an optional ReLU.
///
/// Processes a few output places at a time: their inputs are gathered into patches (or are already
/// contiguous), which the matrix product takes as rows.
struct PlaneConvolution: BitwiseCopyable {
  private let base: PlaneLayer

  init(_ step: Operator, in program: Program, plan: RowPlan, arena: inout Arena) {
    base = PlaneLayer(step, in: program, plan: plan, arena: &arena)
  }

  func prepare() { base.layer.prepare() }

  /// Computes the whole output.
  func run() {
    let (layer, plane, patches) = (base.layer, base.plane, base.patches)
    var place = 0
    while place < plane.places {
      let count = min(Graph.maximumRows, plane.places &- place)
      if let values = plane.direct(place, count: count) {
        layer.multiply(values, stride: plane.apart, rows: count, into: base.sums)
      } else {
        for index in 0..<count {
          plane.gather(place &+ index, into: patches + index &* layer.matrix.paddedDepth)
        }
        layer.multiply(patches, stride: layer.matrix.paddedDepth, rows: count, into: base.sums)
      }
      base.write(count, at: place)
      place &+= count
    }
  }
}

extension Program {
  /// The matrix of a convolution over a plane; for a depthwise one, a row of taps per feature.
  func planeMatrix(of step: Operator) -> MatrixLayout {
    let geometry = geometry(of: step)
    let features = Int(tensors[Int(step.inputs[0])].channels / geometry.columns)
    if step.kind == .depthwise2D { return MatrixLayout(outputs: features, depth: geometry.taps) }
    return MatrixLayout(
      outputs: Int(tensors[Int(step.output)].channels) / geometry.outputColumns,
      depth: geometry.taps * features)
  }
}
