import Testing

@testable import Capture

/// What the loop does with a source that is faster than time.
@Suite struct HastySourceTests {
  let surroundings = ScriptedSurroundings()
  let feed = StreamFeed(sampleCapacity: 1 << 21, messageCapacity: 1 << 13)

  @Test func aSourceWithoutAClockIsNoMicrophoneAndDoesNotBurnTheProcessor() throws {
    let working = (0..<55).map { ScriptedDevice.Step.frames(320, value: Int16($0)) }
    let device = ScriptedDevice(surroundings, steps: [.flood(milliseconds: 120_000)] + working)
    CaptureLoop(
      device: device, taps: [.init(channel: 0, feed: feed)], surroundings: surroundings,
      health: CaptureHealth(deviceName: "scripted")
    ).run()
    let messages = drain(feed)
    #expect(messages.contain(.state(.lost, .noClock)))
    #expect(messages.states.last == .running, "it is taken as soon as it is one")
    let opens = device.calls.count { $0 == "open" }
    #expect(opens <= 120 / 5 + 6)
    #expect(
      device.polls < opens * 2 * 80 + 2 * 60, "75 periods each time, and 55 at the end")
    let passed = try #require(messages.newest) - #require(device.firstStart)
    let ahead = Double(messages.accounted() - passed) / 1e9
    #expect((0...1.6).contains(ahead), "\(ahead) s: no more than it gave too early at last")
  }

  @Test func aSourceThatIsALittleTooFastIsOpenedEverMoreSeldomToo() throws {
    // 20 ms of sound in 7, for a minute.
    let steps = (0..<9000).flatMap {
      [ScriptedDevice.Step.frames(320, value: Int16($0 % 100)), .pass(milliseconds: -13)]
    }
    surroundings.stopsAfterWaits = 8
    CaptureLoop(
      device: ScriptedDevice(surroundings, steps: steps), taps: [.init(channel: 0, feed: feed)],
      surroundings: surroundings, health: CaptureHealth(deviceName: "scripted")
    ).run()
    #expect(drain(feed).contain(.state(.lost, .noClock)))
    #expect(surroundings.waits == [250, 500, 1000, 2000, 4000, 5000, 5000, 5000])
  }
}
