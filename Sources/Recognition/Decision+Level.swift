extension Decision {
  /// The level relative to full scale (a mean square of 2³⁰ LSB²) in centibels, tenths of a
  /// decibel.
  ///
  /// One unit of the natural logarithm is 10·log10(e) dB, or 43.43 centibels; 2³⁰ is 903.1.
  public var levelCentibels: Int {
    Int((Int64(level) &* 434_294 &+ (5_000 << 16)) >> 16) / 10_000 - 903
  }
}
