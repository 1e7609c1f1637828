import FixedPoint

/// Convolution over the plane of a window, each feature with its own taps, and an optional ReLU.
///
/// Nothing is summed over features, so the matrix product cannot be used; sixteen features are
/// computed at a time, as the weights are laid out.
struct DepthwiseConvolution: BitwiseCopyable {
  private let base: PlaneLayer

  init(_ step: Operator, in program: Program, plan: RowPlan, arena: inout Arena) {
    base = PlaneLayer(step, in: program, plan: plan, arena: &arena)
  }

  /// Computes the whole output.
  func run() {
    let features = base.plane.features
    for place in 0..<base.plane.places {
      base.plane.gather(place, into: base.patches)
      var group = 0
      while group < features {
        sum(from: group, count: min(16, features &- group))
        group &+= 16
      }
      base.write(1, at: place)
    }
  }

  /// Sums of `count` ≤ 16 features from `group`, a multiple of 16, on.
  @inline(__always)
  private func sum(from group: Int, count: Int) {
    let (matrix, plane) = (base.layer.matrix, base.plane)
    let weights = matrix.weights + group &* matrix.paddedDepth
    let sums = base.sums + group
    sums.copy(from: matrix.biases + group, count: 16)
    for tap in 0..<plane.geometry.taps {
      let values = base.patches + (tap &* plane.features &+ group)
      let row = weights + ((tap >> 2) &* 64 &+ (tap & 3))
      for feature in 0..<count {
        sums[feature] &+= Int32(row[4 &* feature]) &* Int32(values[feature])
      }
    }
  }
}
