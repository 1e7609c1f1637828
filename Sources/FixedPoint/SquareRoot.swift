/// ⌊√value⌋, exactly.
///
/// Digit by digit in base two: 32 steps of compare and subtract, no division and no table, the same on every processor.
public func squareRoot(_ value: UInt64) -> UInt32 {
  var remainder = value
  var root: UInt64 = 0
  var bit: UInt64 = 1 &<< 62
  while bit != 0 {
    let trial = root | bit
    root &>>= 1
    if remainder >= trial {
      remainder &-= trial
      root |= bit
    }
    bit &>>= 2
  }
  return UInt32(truncatingIfNeeded: root)
}
