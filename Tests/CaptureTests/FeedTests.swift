import SoundDevices
import TestSupport
import Testing
import Threads

@testable import Capture

@Suite struct FeedTests {
  @Test func whatIsForgottenIsCounted() {
    let feed = StreamFeed(sampleCapacity: 64, messageCapacity: 8)
    let samples = feed.samples.write([7, 7, 7], count: 3)
    let told =
      feed.messages.write(.samples(count: 3, time: 0))
      && feed.messages.write(.lost(nanoseconds: 5_000_000, cause: .overrun))
      && feed.messages.write(.lost(nanoseconds: 9_000_000, cause: .absence))
      && feed.messages.write(.lost(nanoseconds: 1_000_000, cause: .overrun))
      && feed.messages.write(.ended)
    #expect(samples && told)
    let dropped = feed.forget()
    #expect(dropped.samples == 3)
    #expect(dropped.lost == [.overrun: 6_000_000, .absence: 9_000_000])
    #expect(feed.isEmpty)
  }

  @Test func thereIsRoomForTheLossesOfEveryCause() {
    #expect(LossCause.allCases.allSatisfy { $0.rawValue < 8 })
  }

  @Test func samplesThatDoNotFitAreCountedBeforeWhatFollows() {
    let feed = StreamFeed(sampleCapacity: 512)
    var writer = FeedWriter(feed)
    let period = [Int16](repeating: 7, count: 320)
    for time in 1...3 {
      writer.deliver(period, count: 320, time: Int64(time), duration: 20_000_000)
    }
    #expect(drain(feed) == [.samples(count: 320, time: 1)])
    var out = [Int16](repeating: 0, count: 320)
    _ = feed.samples.read(into: &out, limit: 320)
    writer.deliver(period, count: 320, time: 4, duration: 20_000_000)
    #expect(
      drain(feed) == [
        .lost(nanoseconds: 40_000_000, cause: .backlog), .samples(count: 320, time: 4),
      ])
  }

  @Test func whatIsLostKeepsItsCauseWhileTheReaderIsBehind() {
    let feed = StreamFeed(sampleCapacity: 64, messageCapacity: 8)
    var writer = FeedWriter(feed)
    writer.start(at: 0, isLive: true, cause: .reload)
    while feed.messages.write(.ended) {}
    writer.start(at: 700_000_000, isLive: true, cause: .overrun)
    writer.start(at: 900_000_000, isLive: true, cause: .suspend)
    writer.deliver([1, 2], count: 2, time: 900_000_000, duration: 20_000_000)
    _ = drain(feed)
    writer.report(.running, .none)
    let told = drain(feed)
    #expect(told.lost(.overrun) == 700)
    #expect(told.lost(.suspend) == 200)
    #expect(told.lost(.backlog) == 20)
    #expect(told.states == [.running])
  }

  @Test func aStateIsNotForgottenWhileTheReaderIsBehind() {
    let feed = StreamFeed(sampleCapacity: 1 << 14, messageCapacity: 8)
    var writer = FeedWriter(feed)
    let one: [Int16] = [1]
    for time in 0..<8 { writer.deliver(one, count: 1, time: Int64(time), duration: 62_500) }
    writer.report(.silent, .digitalSilence)
    writer.report(.running, .none)
    for _ in 0..<4 { writer.report(.lost, .stalled) }
    let first = drain(feed)
    writer.report(.clipping, .fullScale)
    let all = first + drain(feed)
    #expect(all.last == .state(.clipping, .fullScale))
    #expect(all.lost(.backlog) == 0)
    #expect(all.sampleCount < 8)
  }

  @Test func lockedMemoryIsZeroAndWholePages() {
    let memory = LockedMemory(count: 5000)
    #expect(memory.bytes.count == 8192)
    #expect(memory.bytes.allSatisfy { $0 == 0 })
  }
}

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
