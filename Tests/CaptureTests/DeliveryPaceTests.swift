import TestSupport
import Testing

@testable import Capture

@Suite struct DeliveryPaceTests {
  private let period: Int64 = 20_000_000

  /// What is missing in all, of a device whose samples come when `time` says, by their number.
  private func missing(periods: Int64, _ time: (Int64) -> Int64) -> Int64 {
    var pace = DeliveryPace()
    pace.restart(at: 0)
    return (1...periods).reduce(0) { $0 + pace.hear(period, until: time($1)) }
  }

  @Test func jitterBurstsAndDriftAreNoLoss() {
    #expect(missing(periods: 1000) { $0 * 20_000_000 + $0 % 7 * 9_000_000 } == 0)
    // Ten periods at a time, as network sound does.
    #expect(missing(periods: 1000) { ($0 + 9) / 10 * 200_000_000 } == 0)
    // A crystal that is off by a thousandth, for an hour.
    #expect(missing(periods: 180_000) { $0 * 20_020_000 } == 0)
    #expect(missing(periods: 180_000) { $0 * 19_980_000 } == 0)
  }

  @Test(arguments: [Int64(250_000_000), 300_000_000, 1_500_000_000, 60_000_000_000])
  func aGapIsMissedOnce(gap: Int64) {
    #expect(missing(periods: 1000) { $0 * 20_000_000 + ($0 > 333 ? gap : 0) } == gap)
  }

  @Test(arguments: [Int64(5_000_000), 50_000_000, 200_000_000])
  func smallGapsAreMissedTogether(gap: Int64) {
    // One each second, for ten minutes.
    let told = missing(periods: 30_000) { $0 * 20_000_000 + $0 / 50 * gap }
    #expect((599 * gap - 260_000_000...600 * gap).contains(told), "\(told)")
  }

  @Test func whatIsMissingIsToldInWholeThoughACrystalIsSlow() {
    let told = missing(periods: 100_000) {
      $0 * 20_010_000 + min(3, max(0, $0 / 50 - 1500)) * 90_000_000
    }
    #expect(abs(told - 270_000_000) < 5_000_000, "\(told)")
  }

  @Test(arguments: [Int64(-500), 500]) func aDayOfDriftAndJitterIsNoLoss(partsInAMillion: Int64) {
    var pace = DeliveryPace()
    var random = SplitMix(seed: 7)
    pace.restart(at: 0)
    // Ten deliveries a second, each up to 200 ms late.
    let period: Int64 = 100_000_000
    var told: Int64 = 0
    for number in 1...Int64(864_000) {
      let late = Int64(random.next() % 200_000_000)
      told += pace.hear(
        period, until: number * (period + period / 1_000_000 * partsInAMillion) + late)
    }
    #expect(told == 0)
  }

  @Test func aSlowStartIsNoLoss() {
    #expect(missing(periods: 1000) { $0 * 20_000_000 + 700_000_000 } == 0)
  }
}
