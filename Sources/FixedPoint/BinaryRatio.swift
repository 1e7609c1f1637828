/// A positive ratio as a 31-bit mantissa and a power of two, as stored by `Requantizer` and
/// `Rescaler`. Made when a model is converted, never per frame.
struct BinaryRatio {
  /// Q0.31, in `[2³⁰, 2³¹)`; 0 for a ratio too small to move any int32.
  let mantissa: Int32
  /// How far a product with the mantissa is shifted right, 62 at most.
  let shift: Int32

  /// `ratio`, which must be positive and finite; nil when it is `2^exponent` or more. The mantissa
  /// is exact to 2⁻³¹ relative.
  init?(_ ratio: Double, below exponent: Int32) {
    var power = Int32(ratio.exponent) + 1
    var fraction = (ratio.significand * 0x1p30).rounded(.toNearestOrAwayFromZero)
    if fraction == 0x1p31 { (fraction, power) = (0x1p30, power + 1) }
    guard power <= exponent else { return nil }
    let shift = 31 - power
    (mantissa, self.shift) = shift <= 62 ? (Int32(fraction), shift) : (0, 62)
  }
}
