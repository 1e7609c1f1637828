/// Exact division of many numbers by one divisor, without the processor's slow division.
///
/// A product with the reciprocal in double precision is at most one off the rounded quotient, and
/// the integer remainder tells the direction: the result does not depend on the processor's
/// rounding.
public struct RoundedDivision: BitwiseCopyable {
  @usableFromInline let denominator: Int64
  @usableFromInline let reciprocal: Double

  /// Division by `denominator`, in 1…2⁵⁸.
  @inlinable
  public init(by denominator: Int64) {
    self.denominator = denominator
    reciprocal = 1 / Double(denominator)
  }

  /// `numerator · 2^bits / denominator` to the nearest integer, halves towards +∞.
  ///
  /// For `bits` from 0 to 16, any numerator, and quotients below 2⁴⁸ in magnitude.
  @inlinable @inline(__always)
  public func callAsFunction(_ numerator: Int64, shiftedBy bits: Int64) -> Int64 {
    // Around 1.5 · 2⁵² a double has no fraction, so that its last bits are the nearest integer.
    let near = Double(numerator) * Double(Int64(1) &<< bits) * reciprocal + 0x1.8p52
    let guess = Int64(bitPattern: near.bitPattern &- (0x1.8p52).bitPattern)
    // Both terms may wrap; their difference is within one and a half denominators.
    let rest = 2 &* (numerator &<< bits &- guess &* denominator)
    if rest >= denominator { return guess &+ 1 }
    return rest < 0 &- denominator ? guess &- 1 : guess
  }
}
