/// ⌊√value⌋, exactly.
///
/// The root in double precision, which every processor rounds alike, is never too small and at most
/// one too large: rounding `value` to 53 bits moves its root by less than half a step of the
/// result. (A digit-by-digit integer root took four times as long because of its unpredictable
/// branches.)
public func squareRoot(_ value: UInt64) -> UInt32 {
  var root = min(UInt64(Double(value).squareRoot()), UInt64(UInt32.max))
  if root &* root > value { root &-= 1 }
  return UInt32(truncatingIfNeeded: root)
}
