import FixedPoint

/// Convolution over the plane of a window, each feature with taps of its own, and a ReLU where the
/// operator says so.
///
/// Nothing is summed over features, so the product does not serve; sixteen features at a time, as
/// the weights lie.
struct DepthwiseConvolution: BitwiseCopyable {
  private let layer: LinearLayer
  private let plane: Plane
  private let patch: UnsafeMutablePointer<Int8>
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
    patch = plan.columns
    sums = plan.sums
    output = plan.rows(step.output)
    zeroPoint = to.zeroPoint
    least = step.hasRelu ? to.zeroPoint : -128
  }

  /// Makes the whole output.
  func run() {
    let features = plane.features
    for place in 0..<plane.places {
      plane.gather(place, into: patch)
      var group = 0
      while group < features {
        sum(from: group, count: min(16, features &- group))
        group &+= 16
      }
      layer.requantize(
        sums, rows: 1, zeroPoint: zeroPoint, least: least, into: output + place &* features)
    }
  }

  /// Sums of `count` ≤ 16 features from `group` on, a multiple of 16.
  @inline(__always)
  private func sum(from group: Int, count: Int) {
    let matrix = layer.matrix
    let weights = matrix.weights + group &* matrix.paddedDepth
    let sums = sums + group
    sums.update(from: matrix.biases + group, count: 16)
    for tap in 0..<plane.geometry.taps {
      let values = patch + (tap &* plane.features &+ group)
      let row = weights + ((tap >> 2) &* 64 &+ (tap & 3))
      for feature in 0..<count {
        sums[feature] &+= Int32(row[4 &* feature]) &* Int32(values[feature])
      }
    }
  }
}
