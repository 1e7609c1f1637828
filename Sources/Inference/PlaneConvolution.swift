import FixedPoint

/// Convolution over the plane of a window, and a ReLU where the operator says so.
///
/// A few output places at a time: what they see is gathered into patches (or lies together
/// already), which the one product then takes as rows.
struct PlaneConvolution: BitwiseCopyable {
  private let layer: LinearLayer
  private let plane: Plane
  private let patches: UnsafeMutablePointer<Int8>
  private let sums: UnsafeMutablePointer<Int32>
  private let output: UnsafeMutablePointer<Int8>
  private let zeroPoint: Int32
  private let least: Int32

  init(_ step: Operator, in program: Program, plan: RowPlan, arena: inout Arena) {
    let to = program.tensors[Int(step.output)]
    plane = Plane(step, in: program, plan: plan)
    layer = LinearLayer(
      program.planeMatrix(of: step), at: program.block(of: step) + PlaneGeometry.byteCount,
      variant: plan.variant, arena: &arena)
    patches = plan.columns
    sums = plan.sums
    output = plan.rows(step.output)
    zeroPoint = to.zeroPoint
    least = step.hasRelu ? to.zeroPoint : -128
  }

  func prepare() { layer.prepare() }

  /// Makes the whole output.
  func run() {
    var place = 0
    while place < plane.places {
      let count = min(Graph.maximumRows, plane.places &- place)
      if let values = plane.direct(place, count: count) {
        layer.multiply(values, stride: plane.apart, rows: count, into: sums)
      } else {
        for index in 0..<count {
          plane.gather(place &+ index, into: patches + index &* layer.matrix.paddedDepth)
        }
        layer.multiply(patches, stride: layer.matrix.paddedDepth, rows: count, into: sums)
      }
      layer.requantize(
        sums, rows: count, zeroPoint: zeroPoint, least: least,
        into: output + place &* layer.matrix.outputs)
      place &+= count
    }
  }
}

extension Program {
  /// The matrix of a convolution over a plane: of a depthwise one, a row of taps for each feature.
  func planeMatrix(of step: Operator) -> MatrixLayout {
    let geometry = geometry(of: step)
    let features = Int(tensors[Int(step.inputs[0])].channels / geometry.columns)
    if step.kind == .depthwise2D { return MatrixLayout(outputs: features, depth: geometry.taps) }
    return MatrixLayout(
      outputs: Int(tensors[Int(step.output)].channels) / geometry.outputColumns,
      depth: geometry.taps * features)
  }
}
