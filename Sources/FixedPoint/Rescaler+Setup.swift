extension Rescaler {
  /// Why a ratio cannot be represented.
  public enum Problem: Error, Equatable {
    /// Ratios of scales are positive and finite; this one is not.
    case notPositive(Double)
    /// 2¹⁶ or more.
    case tooLarge(Double)
  }

  /// Splits `ratio` into mantissa and shift; runs when a model is converted.
  public init(ratio: Double) throws(Problem) {
    guard ratio > 0, ratio.isFinite else { throw .notPositive(ratio) }
    guard let parts = BinaryRatio(ratio, below: 16) else { throw .tooLarge(ratio) }
    (mantissa, shift) = (parts.mantissa, parts.shift)
  }
}
