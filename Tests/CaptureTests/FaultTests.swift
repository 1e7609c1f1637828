import Glibc
import SoundDevices
import TestSupport
import Testing

@testable import Capture

/// The worse ways in which microphones fail, each from the fault to what is told of it: states,
/// losses, true time, and how often the device is bothered. Single faults are in `RecoveryTests`,
/// those of opening in `OpeningTests`.
@Suite struct FaultTests {
  let surroundings = ScriptedSurroundings()
  let feed = StreamFeed(sampleCapacity: 1 << 21, messageCapacity: 1 << 13)
  private let format = StreamFormat(
    rate: 16_000, channels: 1, sample: .int16, period: 320, buffer: 8000)

  /// More than ten seconds of sound: what a device must give to count as one that works.
  private let working = FaultTests.sound(periods: 505)

  /// So many periods of sound of 20 ms.
  private static func sound(periods: Int) -> [ScriptedDevice.Step] {
    (0..<periods).map { .frames(320, value: Int16($0)) }
  }

  /// Runs a loop over `steps`; the device and what was fed. Whatever happened, the stream's time
  /// must be true.
  private func run(
    _ steps: [ScriptedDevice.Step], at place: SourceLocation = #_sourceLocation,
    _ change: (ScriptedDevice) -> Void = { _ in }
  ) throws -> (device: ScriptedDevice, messages: [CaptureMessage]) {
    let device = ScriptedDevice(surroundings, steps: steps)
    change(device)
    CaptureLoop(
      device: device, taps: [.init(channel: 0, feed: feed)], surroundings: surroundings,
      health: CaptureHealth(deviceName: "scripted")
    ).run()
    let messages = drain(feed)
    let start = try #require(device.firstStart, sourceLocation: place)
    let newest = try #require(messages.newest, sourceLocation: place)
    #expect(newest - start == messages.accounted(), "stream time", sourceLocation: place)
    return (device, messages)
  }

  private func opens(_ device: ScriptedDevice) -> Int { device.calls.count { $0 == "open" } }

  @Test(arguments: [([-EPIPE, 0, 0, 0], [Int32]()), ([0, 0], [-EPIPE])])
  func anOverrunDuringRecoveryIsRecoveredFromAsWell(starts: [Int32], prepares: [Int32]) throws {
    let (device, messages) = try run([
      .frames(320), .pass(milliseconds: 700), .waitFails(EPIPE), .frames(320),
    ]) {
      $0.startCodes = [0] + starts
      $0.prepareCodes = prepares
    }
    #expect(opens(device) == 1)
    #expect(messages.states == [.opening, .running])
    #expect(messages.lost(.overrun) == 700)
  }

  @Test func anOverrunBetweenTwoReadsOfWhatWaitedIsCountedFromTheSoundThatWasRead() throws {
    let (_, messages) = try run(
      working + [.claims(frames: Int(-EPIPE)), .pass(milliseconds: 500), .frames(320)]
        + [.waitFails(EPIPE), .claims(frames: 0)] + working)
    #expect(messages.lost(.overrun) == 500)
  }

  @Test func sleepDuringRecoveryIsRecoveredFromAsWell() throws {
    let (device, messages) = try run([.frames(320), .waitFails(EPIPE), .frames(320)]) {
      $0.prepareCodes = [-ESTRPIPE]
    }
    #expect(device.calls == ["open", "start", "prepare", "resume", "close"])
    #expect(messages.states == [.opening, .running])
  }

  @Test func aSignalDuringRecoveryOnlyDelaysIt() throws {
    let (device, messages) = try run([.frames(320), .waitFails(EPIPE), .frames(320)]) {
      $0.startCodes = [0, -EINTR]
    }
    #expect(opens(device) == 1)
    #expect(messages.lost(.overrun) == 10)
  }

  @Test func aCardThatNeverWakesUpIsOpenedAgain() throws {
    let (device, messages) = try run(working + [.waitFails(ESTRPIPE), .frames(320)]) {
      $0.resumeCodes = [Int32](repeating: -EAGAIN, count: 1000)
    }
    #expect(messages.contain(.state(.lost, .stalled)))
    #expect(messages.lost(.absence) == 5000)
    #expect(device.calls.count { $0 == "resume" } == 51)
  }

  @Test func aCardThatSleepsForEverIsOpenedAgainAndNotInATightLoop() throws {
    let (device, messages) = try run(
      [.frames(320), .failingWaits(milliseconds: 10_000, ESTRPIPE), .frames(320)])
    #expect(messages.contain(.state(.lost, .readError)))
    #expect(opens(device) <= 8)
    #expect(device.calls.count <= 100)
  }

  @Test func unpluggedWhileItRecovers() throws {
    let missing = Result<StreamFormat, OpenProblem>.failure(.notThere(name: "x"))
    let (device, messages) = try run(working + [.quiet(.overrun), .frames(320)]) {
      $0.opens = [.success(format), missing, .success(format)]
      $0.prepareCodes = [-ENODEV]
    }
    #expect(messages.contain(.state(.lost, .disconnected)))
    #expect(opens(device) == 3)
  }

  @Test func pluggedInAgainUnderAnotherCardNumber() throws {
    let machine = Machine()
    machine.add(card: 1, id: "Device", devices: ["0c"], path: "usb-0:1.2")
    var names: [String] = []
    let (_, messages) = try run(working + [.unplug(whileReading: false), .frames(320)]) {
      $0.beforeOpen = { () throws(OpenProblem) in
        if names == ["hw:1,0"] {
          machine.remove(card: 1)
          machine.add(card: 0, id: "Other", devices: ["0c"])
          machine.add(card: 3, id: "Device_1", devices: ["0c"], path: "usb-0:1.2")
        }
        names.append(try SoundCards(root: machine.root).pcmName(of: .byPath("usb-0:1.2")))
      }
    }
    #expect(names == ["hw:1,0", "hw:3,0"])
    #expect(messages.states == [.opening, .running, .lost, .running])
  }

  @Test func aCardThatIsLateAtTheStartIsTakenWhenItComes() throws {
    surroundings.arrivals = [false, false, false, true]
    let (_, messages) = try run([.frames(320)]) {
      $0.opens = Array(repeating: .failure(.noCard), count: 4) + [.success(format)]
    }
    #expect(messages.states == [.opening, .absent, .running])
    #expect(messages.accounted() == 20_000_000, "what was before the first card is no loss")
  }

  @Test func wakesWithoutSoundForEverAreAStall() throws {
    let (device, messages) = try run(
      working + [.emptyWakes(milliseconds: 60_000, EAGAIN)] + Self.sound(periods: 120))
    #expect(messages.contain(.state(.lost, .stalled)))
    #expect(messages.lost(.absence) + messages.lost(.hiccup) >= 59_990)
    #expect(device.polls < 60 * 200)
    #expect(opens(device) < 20)
  }

  @Test func soundOfWhichPollSaysNothingIsReadAllTheSame() throws {
    let (device, messages) = try run(
      working + [.deafPoll(milliseconds: 10_000), .frames(320)])
    #expect(messages.states == [.opening, .running])
    #expect(messages.accounted() == Int64(messages.sampleCount) * 62_500, "nothing is lost")
    #expect(messages.sampleCount >= 20 * 16_000)
    #expect(opens(device) == 1)
  }

  @Test func aStaleAvailabilityIsNoSound() throws {
    let quiet = [ScriptedDevice.Step](repeating: .quiet(.running), count: 10) + [.spuriousWake]
    let (device, messages) = try run(working + [.claims(frames: 4096)] + quiet + [.frames(320)])
    #expect(messages.contain(.state(.lost, .stalled)))
    #expect(device.polls < 2 * 505 + 100)
  }

  @Test(arguments: [(EPIPE, LossCause.overrun), (ESTRPIPE, .suspend), (ENODEV, .absence)])
  func whatPollDoesNotKnowTheDeviceSays(code: Int32, cause: LossCause) throws {
    let (_, messages) = try run(
      working + [.pass(milliseconds: 700), .waitFails(EIO), .readFails(code), .frames(320)])
    #expect(messages.lost(cause) == 700)
    #expect(messages.states.contains(.lost) == (cause == .absence))
  }

  @Test func anErrorOfPollWhileSoundComesCostsNoSoundAndNoProcessor() throws {
    let steps = (0..<100).flatMap {
      [ScriptedDevice.Step.waitFails(EIO), .frames(320, value: Int16($0))]
    }
    let device = ScriptedDevice(surroundings, steps: steps)
    CaptureLoop(
      device: device, taps: [.init(channel: 0, feed: feed)], surroundings: surroundings,
      health: CaptureHealth(deviceName: "scripted")
    ).run()
    let messages = drain(feed)
    #expect(messages.states == [.opening, .running])
    #expect(messages.sampleCount == 32_000)
    #expect(surroundings.time >= 1_000_000_000_000 + 100 * 30_000_000, "a rest after each")
  }

  @Test func anErrorOfPollForEverDoesNotBurnTheProcessor() throws {
    let (device, messages) = try run(
      working + [.failingWaits(milliseconds: 60_000, EIO), .frames(320)])
    #expect(messages.contain(.state(.lost, .readError)))
    #expect(device.polls < 2 * 505 + 150)
    #expect(opens(device) <= 20)
    #expect(messages.lost(.absence) >= 60_000)
  }

  @Test func aCardThatFailsAsSoonAsItGivesSomethingIsOpenedEverMoreSeldom() throws {
    let flaps = [[ScriptedDevice.Step]](repeating: [.frames(320), .waitFails(ENODEV)], count: 12)
    let (_, messages) = try run(Array(flaps.joined()) + [.frames(320)])
    #expect(
      surroundings.waits == [250, 500, 1000, 2000, 4000] + [Int32](repeating: 5000, count: 7))
    #expect(messages.states.count { $0 == .lost } == 12)
  }

  @Test func clippingIsSaidOnceForAsLongAsItComesAgainAndAgain() throws {
    // A loud word every three seconds, a minute long, then twelve quiet seconds.
    let quiet = Self.sound(periods: 100)
    let loud = (0..<50).map {
      ScriptedDevice.Step.frames(320, value: $0 % 2 == 0 ? Int16.max : Int16($0))
    }
    let words = [[ScriptedDevice.Step]](repeating: loud + quiet, count: 20)
    let steps =
      Array(words.joined()) + Array([[ScriptedDevice.Step]](repeating: quiet, count: 6).joined())
    let (_, messages) = try run(steps)
    #expect(messages.states == [.opening, .running, .clipping, .running])
    #expect(messages.contain(.state(.clipping, .fullScale)))
  }
}
