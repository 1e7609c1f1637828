import FixedPoint

/// What the network tends to take this talker's speech for, to be subtracted from what it takes it
/// for now.
///
/// Behind the baseline voices still differ: all that one talker says sounds a little sad to the
/// network, another's angry. Logits of a segment are taken for the sum of the mean m_c of its class,
/// the talker's bias and what else is in them, of which the last two are normal. Which class it was
/// is not known, only how likely each is,
///
///     P(c) ∝ exp(−|l − offset − m_c|² / 2σ²)
///
/// and the bias is the mean residual l − Σ_c P(c)·m_c of the last N segments, older ones fading,
/// drawn towards none as far as talkers are alike:
///
///     offset = Σ (l − Σ_c P(c)·m_c) / (n + p)      n ≤ N, p = σ² / the variance of talkers
///
/// Because the class that was heard is taken out of each residual, it is no wish that all classes
/// were equally frequent: a talker who is only neutral stays neutral. It is zero for an unknown
/// talker, frozen while a segment lasts, and all in integers. It is the random effect of a linear
/// mixed model (Henderson: Best Linear Unbiased Estimation and Prediction under a Selection Model,
/// Biometrics 31, 1975) with soft classes; docs/NUMERICS.md has what it is worth.
public struct TalkerBias {
  /// Subtracted from every logit of a segment, Q16 of log2.
  public private(set) var offset = Logits()

  private let tables: TalkerBiasTables
  private let classCount: Int
  private var sums = InlineArray<16, Int64>(repeating: 0)
  private var segments: Int64 = 0

  /// An unknown talker's, between `classCount` classes.
  public init(_ tables: TalkerBiasTables, classCount: Int) {
    self.tables = tables
    self.classCount = classCount
  }

  /// Forgets the talker.
  public mutating func restart() {
    self = TalkerBias(tables, classCount: classCount)
  }

  /// The network's logits less the offset: what is decided of this talker.
  public func removed(from logits: Logits) -> Logits {
    var rest = logits
    for index in 0..<classCount {
      let difference = Int64(logits.values[index]) &- Int64(offset.values[index])
      rest.values[index] = Int32(clamping: difference)
    }
    return rest
  }

  /// A segment is over, and in all of it the network's logits were these: the offset follows.
  public mutating func add(_ logits: Logits) {
    segments &+= 1
    let expected = expectation(removed(from: logits))
    for index in 0..<classCount {
      sums[index] &+= Int64(logits.values[index]) &- expected[index]
      if segments > Int64(tables.segments) {
        sums[index] = roundedQuotient(sums[index] &* Int64(tables.segments), segments)
      }
    }
    segments = min(segments, Int64(tables.segments))
    for index in 0..<classCount {
      offset.values[index] = Int32(
        clamping: roundedQuotient(sums[index], segments &+ Int64(tables.prior)))
    }
  }

  /// Σ_c P(c)·m_c: what the network says of anybody's segment that is as likely of each class.
  private func expectation(_ logits: Logits) -> InlineArray<16, Int64> {
    var nearness = Logits()
    for heard in 0..<classCount { nearness.values[heard] = self.nearness(logits, to: heard) }
    let likelihood = Scores(nearness, classCount: classCount)
    var expected = InlineArray<16, Int64>(repeating: 0)
    for heard in 0..<classCount {
      let means = tables.means + heard &* classCount
      for index in 0..<classCount {
        expected[index] &+= Int64(likelihood.values[heard]) &* Int64(means[index])
      }
    }
    for index in 0..<classCount {
      expected[index] = roundedQuotient(expected[index], Int64(Scores.whole))
    }
    return expected
  }

  /// log2 P(`heard`) but for what all classes share, Q16: of −|l − m|² the part l·m − |m|²/2.
  private func nearness(_ logits: Logits, to heard: Int) -> Int32 {
    let means = tables.means + heard &* classCount
    var product: Int64 = 0
    for index in 0..<classCount {
      let mean = Int64(means[index])
      product &+= mean &* (2 &* Int64(logits.values[index]) &- mean)
    }
    // Beyond 2²⁴ either side nothing is likelier than certain.
    let near = max(-1 << 40, min(1 << 40, roundedQuotient(product, 1 << 17)))
    return Int32(clamping: roundedQuotient(near &* Int64(tables.sharpness), 1 << 16))
  }
}
