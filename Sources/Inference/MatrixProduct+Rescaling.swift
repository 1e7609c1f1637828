import FixedPoint

extension MatrixProduct {
  /// Rescales one row of sums, in place.
  static func rescale(_ matrix: Matrix, _ sums: UnsafeMutablePointer<Int32>) {
    for index in 0..<matrix.outputs {
      sums[index] = matrix.rescaler(index)(sums[index])
    }
  }

  /// Takes one row of sums to codes around `zeroPoint`, none below `least`.
  static func requantize(
    _ matrix: Matrix, _ sums: UnsafePointer<Int32>, zeroPoint: Int32, least: Int32,
    into codes: UnsafeMutablePointer<Int8>
  ) {
    for index in 0..<matrix.outputs {
      let value = matrix.rescaler(index)(sums[index]) &+ zeroPoint
      codes[index] = Int8(truncatingIfNeeded: min(max(value, least), 127))
    }
  }
}
