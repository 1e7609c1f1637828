/// ln(`value` · 2^`exponent`) in Q16.
///
/// The value is normalized to 1.f · 2ⁿ; ln 1.f is interpolated between 65 entries in Q30, which
/// makes it at most 3.1 · 10⁻⁵ (two steps) too small: 100 dB below the variation of speech. Zero is
/// treated as one, so that digital silence is merely very quiet; callers have a floor far above.
///
/// No input can trap. The result wraps only for |`exponent`| beyond 40 000.
public func naturalLogarithm(of value: UInt64, exponent: Int32 = 0) -> Int32 {
  let value = value == 0 ? 1 : value
  let leadingZeros = value.leadingZeroBitCount
  let normalized = value &<< UInt64(truncatingIfNeeded: leadingZeros)
  let index = Int(truncatingIfNeeded: (normalized &>> 57) & 63)
  let fraction = Int64(truncatingIfNeeded: (normalized &>> 26) & 0x7FFF_FFFF)
  let low = Int64(logarithms[unchecked: index])
  let step = Int64(logarithms[unchecked: index &+ 1]) &- low
  let mantissa = low &+ (step &* fraction &+ 1 &<< 30) &>> 31
  let power = Int64(63 &- leadingZeros) &+ Int64(exponent)
  let sum = power &* logarithmOfTwo &+ mantissa
  return Int32(truncatingIfNeeded: (sum &+ 1 &<< 13) &>> 14)
}

/// The table that kernels in other languages need to compute the same logarithms.
public enum NaturalLogarithm {
  /// Calls `body` with the table of ln(1 + i/64) in Q30, i = 0…64.
  @inline(__always)
  public static func withTable<Result>(_ body: (UnsafePointer<Int32>) -> Result) -> Result {
    logarithms.span.withUnsafeBufferPointer { body($0.baseAddress!) }
  }
}
