import FixedPoint

/// Pitch and voicing, read from the peak of an autocorrelation map. All in Q16.
struct Pitch {
  /// ln(F0/200 Hz) times the voicing: near 0 in unvoiced frames.
  let voicedLogarithm: Int32
  /// The logistic function of 12 · (peak − 0.45).
  let voicing: Int32
  /// The map's largest value.
  let peak: Int32
  /// ln(p/(1 − p)) of the peak p, clamped to 0.02…0.98.
  let logit: Int32

  /// The pitch that a map in Q24 shows.
  init(_ map: UnsafePointer<Int32>) {
    var best = 0
    for lag in 1..<VoiceFeatures.lagCount where map[lag] > map[best] { best = lag }
    let voicing = Pitch.voicing(map[best])
    let position = Pitch.vertex(map, at: min(max(best, 1), VoiceFeatures.lagCount &- 2))
    let logarithm = Pitch.highest &- (position &* Pitch.step) &>> 30
    voicedLogarithm = Int32(
      truncatingIfNeeded: (logarithm &* voicing &+ 1 &<< 37) &>> 38)
    self.voicing = Int32(truncatingIfNeeded: (voicing &+ 1 &<< 13) &>> 14)
    peak = (map[best] &+ 128) &>> 8
    let bounded = min(max(map[best], Pitch.leastPeak), Pitch.greatestPeak)
    logit =
      naturalLogarithm(of: UInt64(truncatingIfNeeded: bounded))
      &- naturalLogarithm(of: UInt64(truncatingIfNeeded: 1 &<< 24 &- bounded))
  }

  /// ln(620/200) in Q24.
  private static let highest: Int64 = 18_981_778
  /// ln(620/70)/47 in Q30: from one lag of the map to the next.
  private static let step: Int64 = 49_831_313
  /// 12 · log₂ e in Q16.
  private static let steepness: Int64 = 1_134_582
  /// 0.45, 0.02 and 0.98 in Q24.
  private static let threshold: Int32 = 7_549_747
  private static let leastPeak: Int32 = 335_544
  private static let greatestPeak: Int32 = 16_441_672
  /// The least curvature that counts as a peak: 10⁻⁶ in Q24.
  private static let leastCurvature: Int64 = -17

  /// 1/(1 + 2^−x) in Q30, computed from whichever power is at most one.
  private static func voicing(_ peak: Int32) -> Int64 {
    let distance = Int64(peak) &- Int64(threshold)
    let exponent = (abs(distance) &* steepness) &>> 24
    let power = Int64(PowerOfTwo.smoothQ30(Int32(truncatingIfNeeded: 0 &- exponent)))
    let one: Int64 = 1 &<< 30
    return (distance < 0 ? power : one) &<< 30 / (one &+ power)
  }

  /// The vertex of the parabola through `index` and its neighbours, at most one away: Q24.
  private static func vertex(_ map: UnsafePointer<Int32>, at index: Int) -> Int64 {
    let (before, here, after) = (
      Int64(map[index &- 1]), Int64(map[index]), Int64(map[index &+ 1])
    )
    let curvature = min(before &- 2 &* here &+ after, leastCurvature)
    let offset = (before &- after) &<< 23 / curvature
    let one: Int64 = 1 &<< 24
    return Int64(index) &<< 24 &+ min(max(offset, 0 &- one), one)
  }
}
