/// The logistic function and the hyperbolic tangent in 16 bits: one cubic for both.
///
/// The routine computes σ(x) − ½, which is odd, from |x| in 16 unit segments, a cubic each, in
/// Horner form with the rounding product `(a·b + 2¹⁴) >> 15` that x86 calls PMULHRSW and ARM
/// SQRDMULH. Since tanh x = 2σ(2x) − 1, the same bits read as Q0.15 are tanh of half the argument.
/// The greatest error is 3.1 steps of Q0.15 for tanh and 2.1 for σ.
///
/// No input can trap or wrap.
public enum Sigmoid {
  /// `(a·b + 2¹⁴) >> 15`.
  @inlinable @inline(__always)
  static func product(_ a: Int32, _ b: Int32) -> Int32 { (a &* b &+ 0x4000) &>> 15 }

  /// σ(x) − ½ in Q0.16, for `x` in Q4.11; the same bits are tanh in Q0.15, for `x` in Q3.12.
  @inlinable @inline(__always)
  public static func centered(_ x: Int16) -> Int16 {
    let sign = Int32(x) &>> 15
    let magnitude = min((Int32(x) ^ sign) &- sign, 32767)
    let segment = Int(magnitude &>> 11)
    let fraction = (magnitude & 2047) &<< 4
    var sum = Int32(coefficients[unchecked: 48 &+ segment])
    sum = Int32(coefficients[unchecked: 32 &+ segment]) &+ product(sum, fraction)
    sum = Int32(coefficients[unchecked: 16 &+ segment]) &+ product(sum, fraction)
    sum = Int32(coefficients[unchecked: segment]) &+ product(sum, fraction)
    sum = min(max(sum, 0), 32767)
    return Int16(truncatingIfNeeded: (sum ^ sign) &- sign)
  }

  /// σ(x) in Q0.15, for `x` in Q4.11: 0…32767.
  @inlinable @inline(__always)
  public static func logistic(_ x: Int16) -> Int16 {
    let value = 16384 &+ ((Int32(centered(x)) &+ 1) &>> 1)
    return Int16(truncatingIfNeeded: min(value, 32767))
  }

  /// tanh(x) in Q0.15, for `x` in Q4.11; constant beyond ±8.
  @inlinable @inline(__always)
  public static func tanh(_ x: Int16) -> Int16 {
    centered(Int16(clamping: Int32(x) &* 2))
  }
}

extension Sigmoid {
  /// Calls `body` with the 64 coefficients, for kernels in other languages.
  @inlinable @inline(__always)
  public static func withCoefficients<Result>(
    _ body: (UnsafePointer<Int16>) -> Result
  ) -> Result {
    coefficients.span.withUnsafeBufferPointer { body($0.baseAddress!) }
  }
}
