import SoundDevices
import TestSupport
import Testing

@testable import Capture

/// A recording in the place of a microphone.
@Suite struct ReplayTests {
  private let second = (0..<16_000).flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8 & 0x7F)] }

  /// What the capture thread says of a recording, and how many nanoseconds that takes.
  private func replay(
    _ bytes: [UInt8], pace: WaveReplay.Pace
  ) -> (messages: [CaptureMessage], elapsed: Int64) {
    let file = TemporaryFile(bytes)
    let surroundings = ScriptedSurroundings()
    let start = surroundings.time
    let feed = StreamFeed(sampleCapacity: 1 << 16)
    CaptureLoop(
      device: WaveReplay(
        path: file.path, pace: pace, request: CaptureRequest(), surroundings: surroundings),
      taps: [.init(channel: 0, feed: feed)], surroundings: surroundings,
      health: CaptureHealth(deviceName: "replay")
    ).run()
    return (drain(feed), surroundings.time - start)
  }

  @Test func atThePaceOfTheRecordingItTakesAsLong() {
    let (messages, elapsed) = replay(wave(data: second), pace: .recorded)
    #expect(messages.sampleCount == 16_000)
    #expect((1_000_000_000...1_060_000_000).contains(elapsed))
    #expect(messages.suffix(2) == [.ended, .state(.absent, .ended)])
  }

  @Test func withoutAPaceItTakesNoTime() {
    let (messages, elapsed) = replay(wave(data: second), pace: .unbounded)
    #expect(messages.sampleCount == 16_000)
    #expect(elapsed == 0)
  }

  @Test func aRateThatItDoesNotHaveIsRefused() throws {
    let file = TemporaryFile(wave(data: second))
    for rate in [nil, 16_000] { try WaveReplay.check(file.path, CaptureRequest(rate: rate)) }
    #expect(
      throws: OpenProblem.unusable(
        name: file.path, reason: "it has 16000 Hz, 48000 was asked for; leave `rate` out")
    ) { try WaveReplay.check(file.path, CaptureRequest(rate: 48_000)) }
  }
}
