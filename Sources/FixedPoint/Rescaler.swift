/// Converts an int32 accumulator to another grid without saturation: a `Requantizer` whose result
/// stays int32.
///
/// Rounding is single, half towards +∞. The code that loads mantissa and shift must prove that no
/// possible sum leaves int32; then no input can trap, and truncation changes no value.
public struct Rescaler: Equatable, Sendable, BitwiseCopyable {
  /// Q0.31 mantissa of the ratio, in `[2³⁰, 2³¹)`, or 0.
  public let mantissa: Int32
  /// How far the 64-bit product is shifted right, in `[15, 62]`.
  public let shift: Int32

  /// A rescaler from its two parts, which must be in the ranges of the fields.
  @inlinable
  public init(mantissa: Int32, shift: Int32) {
    self.mantissa = mantissa
    self.shift = shift
  }

  /// The accumulator on the new grid.
  @inlinable @inline(__always)
  public func callAsFunction(_ accumulator: Int32) -> Int32 {
    let half = 1 &<< Int64(shift &- 1)
    return Int32(
      truncatingIfNeeded: (Int64(accumulator) &* Int64(mantissa) &+ half) &>> Int64(shift))
  }

  /// Whether no accumulator of magnitude `bound` or less can leave int32, with 2¹⁵ to spare for
  /// what is added afterwards.
  @inlinable
  public func keeps(_ bound: Int64) -> Bool {
    bound <= Int64(Int32.max)
      && bound &* Int64(mantissa) < (Int64(1) &<< 31 &- Int64(1) &<< 15).shiftedUp(by: shift)
  }
}

extension Int64 {
  /// `self · 2^shift`, or the largest Int64 if that overflows.
  @inlinable
  func shiftedUp(by shift: Int32) -> Int64 {
    shift >= 32 ? .max : self &<< Int64(shift)
  }
}
