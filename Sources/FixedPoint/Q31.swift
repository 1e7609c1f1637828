/// The product of a number and a Q31 fraction, rounded half up: `(a·b + 2³⁰) >> 31`.
///
/// This is what SQRDMULH computes on ARM and, with two VPMULDQ, AVX2. It wraps only for −2³¹ ·
/// −2³¹; data in the front end stays below 2³⁰, so that this case needs no handling. Multiplying by
/// 2³¹ − 1, the nearest to one, changes no |a| ≤ 2³⁰.
@inlinable @inline(__always)
public func multiplyQ31(_ a: Int32, _ b: Int32) -> Int32 {
  Int32(truncatingIfNeeded: (Int64(a) &* Int64(b) &+ 1 &<< 30) &>> 31)
}

/// Half of `x`, rounded half up.
@inlinable @inline(__always)
public func halve(_ x: Int32) -> Int32 {
  (x &+ 1) &>> 1
}
