import SoundDevices
import Testing

@testable import Capture

/// When one capture thread ends and another goes on with its streams, stream time goes on as well.
@Suite struct HandoverTests {
  let surroundings = ScriptedSurroundings()

  /// Captures `steps` for `taps` as one thread does, to its end.
  private func capture(
    _ steps: [ScriptedDevice.Step], for taps: [CaptureLoop.Tap], isLive: Bool = true
  ) {
    surroundings.isStopping = false
    let device = ScriptedDevice(surroundings, steps: steps)
    device.isLive = isLive
    CaptureLoop(
      device: device, taps: taps, surroundings: surroundings,
      health: CaptureHealth(deviceName: "scripted")
    ).run()
  }

  private func lost(_ messages: [CaptureMessage]) -> Int64 {
    messages.reduce(Int64(0)) {
      if case .lost(let nanoseconds, _) = $1 { $0 + nanoseconds } else { $0 }
    }
  }

  @Test(arguments: [LossCause.reload, .absence, .pause])
  func whatPassesBetweenTwoThreadsIsLostForTheReasonGiven(cause: LossCause) {
    let feed = StreamFeed()
    capture([.frames(320)], for: [.init(channel: 0, feed: feed)])
    surroundings.time += 800_000_000
    capture([.frames(320)], for: [.init(channel: 0, feed: feed, causeOfAbsence: cause)])
    let messages = drain(feed)
    #expect(messages.lost(cause) == 800)
    #expect(lost(messages) == 800_000_000)
    #expect(messages.sampleCount == 640)
  }

  @Test func aStreamThatJoinsHasLostNothing() {
    let (old, new) = (StreamFeed(), StreamFeed())
    capture([.frames(320)], for: [.init(channel: 0, feed: old)])
    surroundings.time += 200_000_000
    capture(
      [.frames(320)], for: [.init(channel: 0, feed: old), .init(channel: 0, feed: new)])
    #expect(drain(old).lost(.reload) == 200)
    #expect(lost(drain(new)) == 0)
  }

  @Test func aSuccessorUnderTheSameNameGoesOnWhereTheFirstEnded() {
    let first = StreamFeed()
    capture([.frames(320)], for: [.init(channel: 0, feed: first)])
    surroundings.time += 4_000_000_000
    let second = StreamFeed(accountedUntil: first.accountedUntil)
    capture([.frames(320)], for: [.init(channel: 0, feed: second, causeOfAbsence: .absence)])
    #expect(drain(second).lost(.absence) == 4000)
  }

  @Test func whatTheFirstThreadCouldNotSayTheSecondCounts() {
    let start = surroundings.time
    let feed = StreamFeed(sampleCapacity: 512)
    capture([.frames(320), .frames(320), .frames(320)], for: [.init(channel: 0, feed: feed)])
    var messages = drain(feed)
    var samples = [Int16](repeating: 0, count: 512)
    #expect(feed.samples.read(into: &samples, limit: 512) == 320)
    #expect(lost(messages) == 0)
    capture([.frames(320)], for: [.init(channel: 0, feed: feed)])
    messages += drain(feed)
    let heard = Int64(messages.sampleCount) * 1_000_000_000 / 16_000
    #expect(start + heard + lost(messages) == surroundings.time)
  }

  @Test func aFileLosesNothingAndTheStreamBreaksOff() {
    let feed = StreamFeed()
    capture([.frames(320)], for: [.init(channel: 0, feed: feed)], isLive: false)
    #expect(!drain(feed).contains(.ended))
    surroundings.time += 800_000_000
    capture([.frames(320)], for: [.init(channel: 0, feed: feed)], isLive: false)
    let messages = drain(feed)
    #expect(lost(messages) == 0)
    #expect(messages.contains(.ended))
  }
}
