extension Rescaler {
  /// Why a ratio cannot be represented.
  public enum Problem: Error, Equatable {
    /// Ratios of scales are positive and finite; this one was not.
    case notPositive(Double)
    /// 2¹⁶ or more.
    case tooLarge(Double)
  }

  /// Splits `ratio` into mantissa and shift; runs when a model is converted.
  public init(ratio: Double) throws(Problem) {
    guard ratio > 0, ratio.isFinite else { throw .notPositive(ratio) }
    var exponent = Int32(ratio.exponent) + 1
    var mantissa = (ratio.significand * 0x1p30).rounded(.toNearestOrAwayFromZero)
    if mantissa == 0x1p31 { (mantissa, exponent) = (0x1p30, exponent + 1) }
    guard exponent <= 16 else { throw .tooLarge(ratio) }
    let shift = 31 - exponent
    (self.mantissa, self.shift) = shift <= 62 ? (Int32(mantissa), shift) : (0, 62)
  }
}
