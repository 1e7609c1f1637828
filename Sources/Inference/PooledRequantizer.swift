import FixedPoint

/// Converts a pooled value, in Q16 of the input's steps, to the output's int8 grid.
struct PooledRequantizer: BitwiseCopyable {
  private let rescale: Rescaler
  private let inputZero: Int64
  private let zeroPoint: Int32

  init(_ constants: PoolConstants, from input: Tensor, to output: Tensor) {
    rescale = Rescaler(mantissa: constants.mantissa, shift: constants.shift)
    inputZero = Int64(input.zeroPoint) << 16
    zeroPoint = output.zeroPoint
  }

  /// The code of real zero, the result of pooling no rows.
  var zero: Int8 { Int8(truncatingIfNeeded: zeroPoint) }

  /// The code of a mean of input codes.
  func callAsFunction(mean: Int64) -> Int8 { self(difference: mean &- inputZero) }

  /// The code of a difference between input codes, such as a standard deviation.
  func callAsFunction(difference: Int64) -> Int8 {
    Int8(clamping: rescale(Int32(truncatingIfNeeded: difference)) &+ zeroPoint)
  }
}
