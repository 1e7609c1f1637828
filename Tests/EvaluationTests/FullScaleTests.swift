import Testing

@testable import Evaluation

@Suite struct FullScaleTests {
  /// Three quiet seconds of which `share` of a thousand samples of the second one are at full scale,
  /// either sign.
  private func sound(_ share: Int) -> [Int16] {
    var samples = [Int16](repeating: 900, count: 48_000)
    for index in 0..<(share * 16) {
      samples[16_000 + index] = index.isMultiple(of: 2) ? .max : .min
    }
    return samples
  }

  @Test func oneSecondOfCutPeaksIsEnough() {
    #expect(FullScale.isReached(in: sound(11)))
  }

  @Test func aPeakNowAndThenIsNot() {
    #expect(!FullScale.isReached(in: sound(10)))
    #expect(!FullScale.isReached(in: sound(0)))
  }

  @Test func theEndOfARecordingCountsWithAllOfItsLastSecond() {
    var samples = [Int16](repeating: 900, count: 16_100)
    for index in 0..<160 { samples[15_940 + index] = .min }
    #expect(!FullScale.isReached(in: samples))
    samples[200] = .max
    #expect(FullScale.isReached(in: samples))
  }

  @Test func ofLessThanASecondAllCounts() {
    var samples = [Int16](repeating: 900, count: 200)
    samples[0] = .max
    samples[1] = .max
    #expect(!FullScale.isReached(in: samples))
    samples[2] = .max
    #expect(FullScale.isReached(in: samples))
    #expect(!FullScale.isReached(in: []))
  }
}
