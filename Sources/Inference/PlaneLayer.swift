import FixedPoint

/// What convolutions over the plane of a window have in common: the weights, the geometry, buffers
/// for patches and sums, and how results are written.
struct PlaneLayer: BitwiseCopyable {
  let layer: LinearLayer
  let plane: Plane
  let patches: UnsafeMutablePointer<Int8>
  let sums: UnsafeMutablePointer<Int32>
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

  /// Writes the features of `count` places from `place` on, given their `sums`.
  @inline(__always)
  func write(_ count: Int, at place: Int) {
    layer.requantize(
      sums, rows: count, zeroPoint: zeroPoint, least: least,
      into: output + place &* layer.matrix.outputs)
  }
}
