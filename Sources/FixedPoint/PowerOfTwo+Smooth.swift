extension PowerOfTwo {
  /// As `q30`, but interpolated along a parabola: within 2·10⁻⁷ relative of the exact power and two
  /// units of 2⁻³⁰.
  ///
  /// The chord between two table entries exceeds the power by a relative `(ln 2/32)²/2 · t(1 − t)`,
  /// where t is the fraction of the step.
  @inlinable
  public static func smoothQ30(_ exponent: Int32) -> UInt32 {
    let chord = Int64(q30(exponent))
    let fraction = Int64(exponent & 2047)
    let arch = (chord &* (fraction &* (2048 &- fraction))) &>> 22
    return UInt32(truncatingIfNeeded: chord &- (arch &* curvature) &>> 30)
  }

  /// (ln 2/32)²/2 in Q30.
  @usableFromInline static var curvature: Int64 { 251_896 }
}
