import Testing

@testable import Evaluation

@Suite struct FullScaleTests {
  /// Three quiet seconds of which `share` of a thousand samples of the second one are at full scale, either sign.
  private func sound(_ share: Int, from: Int = 16_000) -> [Int16] {
    var samples = [Int16](repeating: 900, count: 48_000)
    for index in 0..<(share * 16) { samples[from + index] = index.isMultiple(of: 2) ? .max : .min }
    return samples
  }

  @Test func oneSecondOfCutPeaksIsEnough() {
    #expect(FullScale.isReached(in: sound(11)))
  }

  @Test func aPeakNowAndThenIsNot() {
    #expect(!FullScale.isReached(in: sound(10)))
    #expect(!FullScale.isReached(in: sound(0)))
  }

  @Test func theRestOfARecordingCountsByItsOwnLength() {
    var samples = [Int16](repeating: 900, count: 16_100)
    samples[16_050] = .max
    #expect(!FullScale.isReached(in: samples))
    samples[16_060] = .min
    #expect(FullScale.isReached(in: samples))
    #expect(!FullScale.isReached(in: []))
  }
}
