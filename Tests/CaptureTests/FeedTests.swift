import SoundDevices
import Testing

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
}
