import FixedPoint

/// How loud a frame is on a linear scale: the root of the mean square about the mean, in 64ths of
/// full scale (512 LSB), Q16.
///
/// Rounded down; within 4/count of its unit, 2⁻¹⁶ · 512 LSB. Source: librosa's `feature.rms`, but
/// about the mean.
struct RootMeanSquare {
  private let count: UInt64

  init(count: Int) {
    self.count = UInt64(count)
  }

  /// The root for `variance`, count² times the mean square.
  func root(ofVariance variance: UInt64) -> Int32 {
    // √variance = count · rms; five more bits from the root, and 2¹⁶ / (2⁵ · 512) = 4.
    let root = UInt64(squareRoot(variance &<< 10))
    return Int32(truncatingIfNeeded: 4 &* root / count)
  }
}
