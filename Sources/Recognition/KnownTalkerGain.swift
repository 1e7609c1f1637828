import FixedPoint

/// How much surer a model is of a talker it knows than one temperature for all would say.
///
/// Baseline, centring and bias make the network right more often once they know a talker, but its
/// logits hardly larger: its confidence is then 0.69 on average where 74 % is right. So as soon as
/// the baseline holds a segment, logits are multiplied by the ratio of two temperatures, one fitted
/// to talkers who are unknown and one to those who are known. The order of classes stays as it is.
public struct KnownTalkerGain: Equatable, Sendable, BitwiseCopyable {
  /// Q16; 1 leaves logits as they are.
  public let factor: Int32

  /// Known talkers are judged like unknown ones.
  public static let one = KnownTalkerGain(factor: 1 << 16)
  /// The factors that a model may have: a quarter to four.
  public static let factors: ClosedRange<Int32> = 1 << 14...1 << 18

  /// A gain of `factor` in Q16, one of `factors`.
  public init(factor: Int32) {
    self.factor = factor
  }

  /// The logits of a known talker, saturated: no product exceeds 2⁴⁹.
  func applied(to logits: Logits) -> Logits {
    var scaled = logits
    for index in 0..<Logits.maximumCount {
      let product = Int64(logits.values[index]) &* Int64(factor)
      scaled.values[index] = Int32(clamping: roundedQuotient(product, 1 << 16))
    }
    return scaled
  }
}
