import FixedPoint

/// How much the network believes in each label, in ten-thousandths that sum to exactly 10 000.
///
/// Classes of the model that mean the same label (`angry_male`, `angry_female`) are summed.
public struct Scores {
  /// The most labels there can be: one for each class.
  public static let maximumCount = Logits.maximumCount
  /// The sum of all scores.
  public static let whole: Int32 = 10_000

  /// One a label; beyond the model's own labels, 0.
  public private(set) var values = InlineArray<16, Int32>(repeating: 0)
  /// The label with the highest score; of equals, the first.
  public private(set) var top = 0

  /// Softmax of `classCount` logits, summed by label: class i means label `labelOfClass[i]` < `labelCount`.
  ///
  /// Rounded down to whole ten-thousandths; those that remain go to the largest remainders, of equals to the first.
  public init(
    _ logits: Logits, classCount: Int, labelOfClass: UnsafePointer<UInt8>, labelCount: Int
  ) {
    var highest = logits.values[0]
    for index in 1..<classCount { highest = max(highest, logits.values[index]) }
    var odds = InlineArray<16, UInt64>(repeating: 0)
    var sum: UInt64 = 0
    for index in 0..<classCount {
      let below = Int64(logits.values[index]) &- Int64(highest)
      let odd = UInt64(PowerOfTwo.q30(Int32(clamping: below)))
      odds[Int(labelOfClass[index])] &+= odd
      sum &+= odd
    }
    var remaining = Scores.whole
    for label in 0..<labelCount {
      let scaled = odds[label] &* UInt64(Scores.whole)
      values[label] = Int32(truncatingIfNeeded: scaled / sum)
      odds[label] = scaled % sum
      remaining &-= values[label]
    }
    while remaining > 0 {
      var largest = 0
      for label in 1..<labelCount where odds[label] > odds[largest] { largest = label }
      values[largest] &+= 1
      odds[largest] = 0
      remaining &-= 1
    }
    for label in 1..<labelCount where values[label] > values[top] { top = label }
  }
}
