import FixedPoint

/// The network's systematic error on this talker, to be subtracted from its logits.
///
/// Voices differ even after the baseline: to the network one talker always sounds a little sad,
/// another angry. A segment's logits are modelled as the sum of the mean m_c of its class, the
/// talker's bias and a residual, the last two normally distributed. The class is not known, only
/// its probability,
///
///     P(c) ∝ exp(−|l − offset − m_c|² / 2σ²)
///
/// and the bias is the mean residual l − Σ_c P(c)·m_c of past segments, shrunk towards zero as far
/// as talkers are alike:
///
///     offset = Σ (l − Σ_c P(c)·m_c) / (n + p)      n ≤ N, p = σ² / the variance of talkers
///
/// From the N + 1st segment on the sum is multiplied by N / (N + 1) each time: older ones fade.
/// Because the class mean is removed from each residual, a talker who is only neutral loses little
/// of it. The bias is zero for an unknown talker, constant during a segment, and all in integers.
/// It is the random effect of a linear mixed model (Henderson: Best Linear Unbiased Estimation and
/// Prediction under a Selection Model, Biometrics 31, 1975) with soft classes; docs/NUMERICS.md has
/// what it is worth.
struct TalkerBias {
  private let tables: TalkerBiasTables
  private let classCount: Int
  private let sums: UnsafeMutablePointer<Int64>
  private var segments: Int64 = 0

  /// A bias for `classCount` classes; call `restart()` before the first segment.
  init(_ tables: TalkerBiasTables, classCount: Int, arena: inout Arena) {
    self.tables = tables
    self.classCount = classCount
    sums = arena.take(Int64.self, count: classCount)
  }

  /// Forgets the talker.
  mutating func restart() {
    segments = 0
    sums.update(repeating: 0, count: classCount)
  }

  /// Subtracted from every logit of a segment, Q16 of log2.
  var offset: Logits {
    var offset = Logits()
    for index in 0..<classCount {
      let mean = roundedQuotient(sums[index], segments &+ Int64(tables.prior))
      offset.values[index] = Int32(clamping: mean)
    }
    return offset
  }

  /// The network's logits less the offset, on which decisions are based.
  func removed(from logits: Logits) -> Logits {
    var rest = logits
    let offset = offset
    for index in 0..<classCount {
      let difference = Int64(logits.values[index]) &- Int64(offset.values[index])
      rest.values[index] = Int32(clamping: difference)
    }
    return rest
  }

  /// Adds the network's logits for a finished segment, and updates the offset.
  ///
  /// Never overflows: a residual is below 2³² and counts at most 64 times, so sums stay below 2³⁹.
  mutating func add(_ logits: Logits) {
    let expected = expectation(removed(from: logits))
    segments &+= 1
    for index in 0..<classCount {
      sums[index] &+= Int64(logits.values[index]) &- expected[index]
      if segments > Int64(tables.segments) {
        sums[index] = roundedQuotient(sums[index] &* Int64(tables.segments), segments)
      }
    }
    segments = min(segments, Int64(tables.segments))
  }

  /// Σ_c P(c)·m_c: the class means weighted by their probability.
  private func expectation(_ logits: Logits) -> InlineArray<16, Int64> {
    let nearness = nearness(logits)
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

  /// log2 of each class's P, less that of the likeliest, Q16: of −|l − m|² only the part l·m −
  /// |m|²/2 matters.
  ///
  /// No product overflows: |l| ≤ 2³¹ and |m| ≤ 2²⁴ of 16 classes make 2⁶¹. A distance is clamped to
  /// 2⁴⁰, beyond which a class is out of the question; times the largest sharpness that is 2⁶⁰.
  private func nearness(_ logits: Logits) -> Logits {
    var products = InlineArray<16, Int64>(repeating: 0)
    var largest = Int64.min
    for heard in 0..<classCount {
      let means = tables.means + heard &* classCount
      for index in 0..<classCount {
        let mean = Int64(means[index])
        products[heard] &+= mean &* (2 &* Int64(logits.values[index]) &- mean)
      }
      products[heard] = roundedQuotient(products[heard], 1 << 17)
      largest = max(largest, products[heard])
    }
    var nearness = Logits()
    for heard in 0..<classCount {
      let below = max(-1 << 40, products[heard] &- largest)
      nearness.values[heard] = Int32(
        clamping: roundedQuotient(below &* Int64(tables.sharpness), 1 << 16))
    }
    return nearness
  }
}
