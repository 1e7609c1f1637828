import Glibc
import Testing

@testable import Capture

/// One test for each fault that a sound card is known for.
@Suite struct RecoveryTests {
  let surroundings = ScriptedSurroundings()
  let feed = StreamFeed(sampleCapacity: 1 << 18)

  /// Runs a loop over `steps` and returns the device and what was fed.
  private func run(
    _ steps: [ScriptedDevice.Step], _ change: (ScriptedDevice) -> Void = { _ in }
  ) -> (device: ScriptedDevice, messages: [CaptureMessage]) {
    let device = ScriptedDevice(surroundings, steps: steps)
    change(device)
    let loop = CaptureLoop(
      device: device, taps: [.init(channel: 0, feed: feed)], surroundings: surroundings,
      health: CaptureHealth(deviceName: "scripted"))
    loop.run()
    return (device, drain(feed))
  }

  @Test func deliversWhatItReadsInOrder() {
    let (device, messages) = run([.frames(320), .frames(320)])
    #expect(device.calls == ["open", "start", "close"])
    #expect(messages.states == [.opening, .running])
    #expect(messages.sampleCount == 640)
    #expect(messages.contains(.rate(16_000)))
  }

  @Test func anOverrunIsPreparedAndStartedAndItsTimeCounted() {
    let (device, messages) = run([
      .frames(320), .pass(milliseconds: 700), .waitFails(EPIPE), .frames(320),
    ])
    #expect(device.calls == ["open", "start", "prepare", "start", "close"])
    #expect(messages.lost(.overrun) == 700)
    #expect(messages.sampleCount == 640)
  }

  @Test func anOverrunThatOnlyTheStateShowsIsRestartedToo() {
    let (device, messages) = run([.frames(320), .quiet(.overrun), .frames(320)])
    #expect(device.calls == ["open", "start", "prepare", "start", "close"])
    #expect(messages.lost(.overrun) == 200)
  }

  @Test func anOverrunSeenByTheReadIsTheSame() {
    let (device, messages) = run([.frames(320), .readFails(EPIPE), .frames(320)])
    #expect(device.calls == ["open", "start", "prepare", "start", "close"])
    #expect(messages.sampleCount == 640)
  }

  @Test func aStreamThatWasPreparedBehindOurBackIsStarted() {
    let (device, _) = run([.frames(320), .quiet(.prepared), .frames(320)])
    #expect(device.calls == ["open", "start", "prepare", "start", "close"])
  }

  @Test func afterSleepTheCardResumes() {
    let (device, messages) = run([
      .frames(320), .pass(milliseconds: 5000), .waitFails(ESTRPIPE), .frames(320),
    ])
    #expect(device.calls == ["open", "start", "resume", "close"])
    #expect(messages.lost(.suspend) == 5000)
  }

  @Test func aCardThatIsNotAwakeYetIsAskedAgain() {
    let (device, messages) = run([.frames(320), .waitFails(ESTRPIPE), .frames(320)]) {
      $0.resumeCodes = [-EAGAIN, -EAGAIN, 0]
    }
    #expect(device.calls.filter { $0 == "resume" }.count == 3)
    #expect(messages.lost(.suspend) == 200)
  }

  @Test func aCardThatCannotResumeIsStartedAnew() {
    let (device, messages) = run([
      .frames(320), .pass(milliseconds: 90), .readFails(ESTRPIPE), .frames(320),
    ]) { $0.resumeCodes = [-ENOSYS] }
    #expect(device.calls == ["open", "start", "resume", "prepare", "start", "close"])
    #expect(messages.lost(.suspend) == 90)
  }

  @Test func anUnpluggedCardIsClosedAndOpenedWhenItIsBack() {
    let format = StreamFormat(rate: 16_000, channels: 1, sample: .int16, period: 320, buffer: 8000)
    let working = (0..<501).map { ScriptedDevice.Step.frames(320, value: Int16($0)) }
    let (device, messages) = run(working + [.waitFails(ENODEV), .frames(320)]) {
      $0.opens = [
        .success(format), .failure(.notThere(name: "x")), .failure(.notThere(name: "x")),
        .success(format),
      ]
    }
    #expect(messages.states == [.opening, .running, .lost, .running])
    #expect(messages.lost(.absence) == 250 + 500)
    #expect(device.calls.filter { $0 == "open" }.count == 4)
    #expect(messages.sampleCount == 502 * 320)
  }

  @Test func aDisconnectionThatOnlyTheStateShowsIsSeenOnATimeout() {
    let (_, messages) = run([.frames(320), .quiet(.disconnected)])
    #expect(messages.contains(.state(.lost, .disconnected)))
  }

  @Test func aCardThatStallsIsOpenedAgain() {
    let quiet = [ScriptedDevice.Step](repeating: .quiet(.running), count: 11)
    let (device, messages) = run([.frames(320)] + quiet + [.frames(320)])
    #expect(messages.contains(.state(.lost, .stalled)))
    #expect(device.calls.filter { $0 == "open" }.count == 2)
    #expect(messages.lost(.absence) >= 2000)
  }

  @Test func aCardThatIsStartedAnewAfterLongSleepHasTimeToBegin() {
    let (device, messages) = run([
      .frames(320), .waitFails(ESTRPIPE), .quiet(.running), .frames(320),
    ]) { $0.resumeCodes = [Int32](repeating: -EAGAIN, count: 49) + [-ENOSYS] }
    #expect(device.calls.suffix(4) == ["resume", "prepare", "start", "close"])
    #expect(messages.states == [.opening, .running])
    #expect(messages.lost(.suspend) == 4900)
  }

  @Test func aCardThatIsStartedAnewAfterALongOverrunHasTimeToBegin() {
    let (device, messages) = run([
      .frames(320), .pass(milliseconds: 2000), .waitFails(EPIPE), .quiet(.running), .frames(320),
    ])
    #expect(device.calls == ["open", "start", "prepare", "start", "close"])
    #expect(messages.states == [.opening, .running])
    #expect(messages.lost(.overrun) == 2000)
  }

  @Test func aCardThatStartsAndGivesNothingNeverRuns() {
    let (device, messages) = run([ScriptedDevice.Step](repeating: .quiet(.running), count: 40))
    #expect(messages.states == [.opening, .lost])
    #expect(messages.contains(.state(.lost, .stalled)))
    #expect(device.calls.count { $0 == "start" } >= 3)
  }

  @Test(arguments: [EINTR, EAGAIN]) func aSignalOrAnEarlyWakeChangesNothing(code: Int32) {
    let (device, messages) = run([
      .frames(320), .waitFails(code), .readFails(code), .spuriousWake, .frames(320),
    ])
    #expect(device.calls == ["open", "start", "close"])
    #expect(messages.sampleCount == 640)
    #expect(messages.lost(.overrun) == 0)
  }

  @Test func shortReadsAreAsGoodAsWholeOnes() {
    let (_, messages) = run([.frames(1), .frames(319), .frames(7), .frames(313)])
    #expect(messages.sampleCount == 640)
  }

  @Test func anUnknownErrorOpensTheDeviceAgain() {
    let (device, messages) = run([.frames(320), .readFails(EIO), .frames(320)])
    #expect(messages.contains(.state(.lost, .readError)))
    #expect(device.calls.filter { $0 == "open" }.count == 2)
  }

  @Test func aDeviceThatOpensAndDoesNotStartIsTriedAgain() {
    let (device, _) = run([.frames(320)]) { $0.startCodes = [-EIO] }
    #expect(device.calls == ["open", "start", "close", "open", "start", "close"])
  }

  @Test func aCardThatOverrunsForEverIsOpenedAgainAndNotInATightLoop() {
    let (device, messages) = run(
      [ScriptedDevice.Step](repeating: .waitFails(EPIPE), count: 25) + [.frames(320)])
    #expect(messages.contains(.state(.lost, .readError)))
    #expect(device.calls.filter { $0 == "open" }.count == 3)
    #expect(surroundings.waits == [250, 500])
  }

  @Test func captureTimeAllowsForWhatIsStillUnread() throws {
    let (_, messages) = run([.frames(320)]) { $0.unread = 160 }
    let times = messages.compactMap { if case .samples(_, let time) = $0 { time } else { nil } }
    #expect(times == [surroundings.time - 10_000_000])
  }

  @Test func streamTimeIsTrueThroughAnyFault() {
    let start = surroundings.time
    let (_, messages) = run([
      .frames(320), .pass(milliseconds: 700), .waitFails(EPIPE), .frames(320),
      .pass(milliseconds: 40), .waitFails(ENODEV), .frames(100), .pass(milliseconds: 3000),
      .waitFails(ESTRPIPE), .frames(320),
    ])
    let samples = Int64(messages.sampleCount) * 1_000_000_000 / 16_000
    let lost = messages.reduce(Int64(0)) {
      if case .lost(let nanoseconds, _) = $1 { $0 + nanoseconds } else { $0 }
    }
    #expect(start + samples + lost == surroundings.time)
  }
}
