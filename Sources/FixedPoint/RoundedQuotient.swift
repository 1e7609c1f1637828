/// `numerator / denominator` rounded to the nearest integer, halves towards +∞: ⌊(2·n + d) /
/// (2·d)⌋, exactly.
///
/// `denominator` is positive and both are below 2⁶² in magnitude; means and averages over counted
/// frames use it.
@inlinable @inline(__always)
public func roundedQuotient(_ numerator: Int64, _ denominator: Int64) -> Int64 {
  let doubled = 2 &* numerator &+ denominator
  let divisor = 2 &* denominator
  let quotient = doubled / divisor
  return doubled < 0 && quotient &* divisor != doubled ? quotient &- 1 : quotient
}
