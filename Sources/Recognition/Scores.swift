import FixedPoint

/// The probability of each class, in ten-thousandths that sum to exactly 10 000.
public struct Scores {
  /// The sum of all scores.
  public static let whole: Int32 = 10_000

  /// One per class; 0 beyond the model's own classes.
  public private(set) var values = InlineArray<16, Int32>(repeating: 0)

  /// Softmax of `classCount` logits.
  ///
  /// Rounded down to whole ten-thousandths; the rest goes to the largest remainders, ties to the
  /// first.
  public init(_ logits: Logits, classCount: Int) {
    var highest = logits.values[0]
    for index in 1..<classCount { highest = max(highest, logits.values[index]) }
    var odds = InlineArray<16, UInt64>(repeating: 0)
    var sum: UInt64 = 0
    for index in 0..<classCount {
      let below = Int64(logits.values[index]) &- Int64(highest)
      odds[index] = UInt64(PowerOfTwo.q30(Int32(clamping: below)))
      sum &+= odds[index]
    }
    var remaining = Scores.whole
    for index in 0..<classCount {
      let scaled = odds[index] &* UInt64(Scores.whole)
      values[index] = Int32(truncatingIfNeeded: scaled / sum)
      odds[index] = scaled % sum
      remaining &-= values[index]
    }
    while remaining > 0 {
      var largest = 0
      for index in 1..<classCount where odds[index] > odds[largest] { largest = index }
      values[largest] &+= 1
      odds[largest] = 0
      remaining &-= 1
    }
  }
}
