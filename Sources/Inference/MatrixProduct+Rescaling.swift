import FixedPoint

extension MatrixProduct {
  /// Rescales `count` rows of sums, in place.
  static func rescale(_ matrix: Matrix, _ sums: UnsafeMutablePointer<Int32>, rows count: Int) {
    for row in 0..<count {
      let sums = sums + row &* matrix.paddedOutputs
      for index in 0..<matrix.outputs {
        sums[index] = matrix.rescaler(index)(sums[index])
      }
    }
  }

  /// Converts `count` rows of sums to dense rows of codes around `zeroPoint`, none below `least`.
  static func requantize(
    _ matrix: Matrix, _ sums: UnsafePointer<Int32>, rows count: Int, zeroPoint: Int32,
    least: Int32, into codes: UnsafeMutablePointer<Int8>
  ) {
    for row in 0..<count {
      let sums = sums + row &* matrix.paddedOutputs
      let codes = codes + row &* matrix.outputs
      for index in 0..<matrix.outputs {
        let value = matrix.rescaler(index)(sums[index]) &+ zeroPoint
        codes[index] = Int8(truncatingIfNeeded: min(max(value, least), 127))
      }
    }
  }
}
