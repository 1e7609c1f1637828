import Glibc
import SoundDevices
import TestSupport
import Testing

@testable import Capture

/// One test for each failure of a microphone, named for it: what clients and the log are told when
/// it goes on for an hour, and that no sound is unaccounted for and nothing spins, which
/// `FaultHour` looks at. docs/DEVICE.md has the same as a table.
@Suite struct FaultHourTests {
  typealias Step = ScriptedDevice.Step

  let runs = FaultHour.runs
  let wentAway = FaultHour.wentAway
  let missing = Result<StreamFormat, OpenProblem>.failure(.notThere(name: "mic"))
  let format = Result<StreamFormat, OpenProblem>.success(FaultHour.format)

  /// So much sound that the device has proved that it works.
  static func sound(_ seconds: Int = 11) -> [Step] { FaultHour.sound(seconds: seconds) }

  // MARK: Sound that is lost

  @Test func anOverrun() throws {
    let hour = try FaultHour(Self.sound() + [.pass(milliseconds: 700), .waitFails(EPIPE)])
    hour.expectLoss(
      ofMs: 700 * hour.rounds,
      saying: "700 ms of sound are lost: the capture thread came too late")
  }

  @Test func overrunsThreeTimesASecond() throws {
    let hour = try FaultHour(
      [100, 101].flatMap { (value: Int16) in
        [.frames(16, value: value), .pass(milliseconds: 100), .waitFails(EPIPE)]
      })
    #expect(hour.rounds == 6000)
    hour.expectLoss(
      ofMs: 200 * hour.rounds,
      saying: "100 ms of sound are lost: the capture thread came too late")
  }

  @Test func anOverrunDuringRecovery() throws {
    let hour = try FaultHour(
      Self.sound() + [
        .then { ($0.prepareCodes, $0.startCodes) = ([-EPIPE, 0, 0], [-EPIPE, 0]) },
        .pass(milliseconds: 700), .waitFails(EPIPE),
      ])
    hour.expectLoss(
      ofMs: 700 * hour.rounds,
      saying: "700 ms of sound are lost: the capture thread came too late")
  }

  @Test func sleepFromWhichTheCardResumes() throws {
    let hour = try FaultHour(
      Self.sound() + [
        .then { $0.resumeCodes = [-EAGAIN, -EAGAIN, 0] }, .pass(milliseconds: 5000),
        .waitFails(ESTRPIPE),
      ])
    hour.expectLoss(
      ofMs: 5200 * hour.rounds, saying: "5200 ms of sound are lost: the machine slept")
    #expect(hour.device.calls.count { $0 == "prepare" } == 0)
  }

  @Test func sleepFromWhichTheCardCannotResume() throws {
    let hour = try FaultHour(
      Self.sound() + [
        .then { $0.resumeCodes = [-ENOSYS] }, .pass(milliseconds: 5000), .waitFails(ESTRPIPE),
      ])
    hour.expectLoss(
      ofMs: 5000 * hour.rounds, saying: "5000 ms of sound are lost: the machine slept")
    #expect(hour.device.calls.count { $0 == "prepare" } == hour.rounds)
  }

  @Test func sleepFromWhichTheCardOnlySaysThatItResumes() throws {
    let hour = try FaultHour(
      Self.sound() + [.then { $0.resumeCodes = [1] }, .quiet(.suspended)])
    hour.expectLoss(
      ofMs: 200 * hour.rounds, saying: "200 ms of sound are lost: the machine slept")
    #expect(hour.device.calls.count { $0 == "prepare" } == hour.rounds)
  }

  @Test func aSignalStorm() throws {
    let hour = try FaultHour(Self.sound(10) + [.failingWaits(milliseconds: 1500, EINTR)])
    hour.expectSoundLeftOut(1400 * hour.rounds...1600 * hour.rounds)
  }

  @Test(arguments: [EAGAIN, 0]) func wakesWithoutSound(code: Int32) throws {
    let hour = try FaultHour(Self.sound(10) + [.emptyWakes(milliseconds: 1500, code)])
    hour.expectSoundLeftOut(1400 * hour.rounds...1600 * hour.rounds)
  }

  @Test(arguments: [EAGAIN, 0]) func wakesWithoutSoundFromACardWithManyPeriods(code: Int32) throws {
    let sound = (0..<300).map { Step.frames(320, value: Int16($0)) }
    let hour = try FaultHour(
      sound + [.emptyWakes(milliseconds: 1500, code)] + sound, minutes: 2
    ) { device, _ in
      device.opens = [
        .success(
          StreamFormat(rate: 16_000, channels: 1, sample: .int16, period: 320, buffer: 8000))
      ]
    }
    #expect(hour.states == ["opening", "running"])
    #expect((1400 * hour.rounds...1600 * hour.rounds).contains(hour.lostMs))
  }

  // MARK: The device goes away

  @Test(arguments: [false, true]) func unplugged(whileReading: Bool) throws {
    let hour = try FaultHour(
      Self.sound() + [
        .then { $0.opens = [missing, missing, format] }, .unplug(whileReading: whileReading),
      ])
    #expect(hour.states.prefix(5) == ["opening", "running", "lost", "running", "lost"])
    hour.expectAbsences(because: "disconnected")
    #expect(hour.lostMs == 0)
    #expect(hour.awayMs == 750 * Int64(hour.rounds))
    #expect(hour.device.calls.allSatisfy { !["prepare", "resume"].contains($0) })
  }

  @Test func pluggedInAgainUnderAnotherCardNumber() throws {
    let machine = Machine()
    var names: [String] = []
    let hour = try FaultHour(Self.sound(300) + [.unplug(whileReading: false)]) { device, _ in
      device.beforeOpen = { () throws(OpenProblem) in
        machine.remove(card: names.count - 1)
        machine.add(card: names.count, id: "Device", devices: ["0c"], path: "usb-0:1.2")
        names.append(try SoundCards(root: machine.root).pcmName(of: .byPath("usb-0:1.2")))
      }
    }
    #expect(names == (0...hour.rounds).map { "hw:\($0),0" })
    hour.expectAbsences(because: "disconnected")
  }

  @Test(arguments: [2, 6, 30], [false, true])
  func aLoosePlug(periods: Int, isSeenToCome: Bool) throws {
    let away: Step = .then { $0.opens = [self.missing, self.format] }
    let hour = try FaultHour(
      Array(Self.sound().prefix(periods)) + (isSeenToCome ? [away] : [])
        + [.unplug(whileReading: true)]
    ) { _, surroundings in surroundings.arrivesLater = isSeenToCome }
    hour.expectAbsences(because: "disconnected")
    #expect(hour.states.count <= 2 * (3600 / 5 + 10), "it is opened ever more seldom")
  }

  @Test func aCardThatGivesNothingAnyMore() throws {
    let hour = try FaultHour(Self.sound() + [Step](repeating: .quiet(.running), count: 20))
    hour.expectAbsences(because: "stalled")
    #expect(hour.lostMs == 0)
    #expect(hour.awayMs == 4250 * Int64(hour.rounds))
  }

  @Test func anErrorOfPollForEver() throws {
    let hour = try FaultHour(
      Self.sound() + [.failingWaits(milliseconds: 3_600_000, EIO)], minutes: 1)
    #expect(hour.states == ["opening", "running", "lost", "running"])
    #expect(hour.reasons == ["lost read_error"])
    #expect((3_600_000...3_605_000).contains(hour.awayMs))
    #expect(hour.device.calls.count { $0 == "open" } <= 3600 / 5 + 10)
    #expect(hour.log == [runs, wentAway])
    #expect(hour.lines.count == 3)
  }

  @Test func anErrorOfPollWhileSoundComes() throws {
    // The script forgets what came in the last rest. In each must come some.
    let hour = try FaultHour([.failingPoll(milliseconds: 3_600_000)], minutes: 1, withinMs: 20) {
      device, _ in
      device.opens = [
        .success(
          StreamFormat(rate: 160, channels: 1, sample: .int16, period: 32, buffer: 80))
      ]
    }
    hour.expectNoFault()
  }

  @Test func soundWithoutAClock() throws {
    // What was heard of it was heard at no time: in an hour that may make a tenth of a second.
    let hour = try FaultHour(
      [.flood(milliseconds: 1_800_000)] + Self.sound(), withinMs: 100)
    #expect(hour.reasons == ["lost no_clock"])
    // Every round lasts for half an hour.
    #expect(hour.states.count <= 2 * hour.rounds * (1800 / 5 + 10), "ever more seldom")
    #expect(hour.states.count >= hour.rounds * 1800 / 5, "and again and again")
    #expect(
      hour.log == [
        runs,
        "warning: capture device mic gives sound faster than time passes; it is no microphone, choose one from `edgectl devices`",
      ])
    #expect(hour.linesInAMinute <= 2)
  }

  // MARK: What is no fault

  @Test(arguments: [EINTR, EAGAIN]) func aSignalOrAnEarlyWake(code: Int32) throws {
    let hour = try FaultHour(
      Self.sound(1).flatMap { [.waitFails(code), .readFails(code), $0] })
    hour.expectNoFault()
  }

  @Test func spuriousWakes() throws {
    let hour = try FaultHour(Self.sound(1).flatMap { [.spuriousWake, .spuriousWake, $0] })
    hour.expectNoFault()
  }

  @Test func shortReads() throws {
    let hour = try FaultHour(
      (0..<10).flatMap { [.frames(1, value: $0), .frames(13, value: 7), .frames(2, value: 9)] })
    hour.expectNoFault()
  }

  @Test func aPollThatNeverWakes() throws {
    let hour = try FaultHour([.deafPoll(milliseconds: 3_600_000)], minutes: 1)
    hour.expectNoFault()
  }

  // MARK: Sound that is none

  @Test(arguments: [
    (
      Int16(0), 12, "silent digital_silence", "every sample of mic is zero; unmute it or plug it in"
    ),
    (700, 4, "stuck constant_value", "every sample of mic is the same; its converter is broken"),
  ])
  func inputThatIsAlwaysTheSame(
    sample: Int16, seconds: Int, reason: String, sentence: String
  ) throws {
    let same = [Step](repeating: .frames(16, value: sample), count: seconds * 5)
    let hour = try FaultHour(Self.sound() + same)
    #expect(hour.reasons == [reason])
    #expect(hour.states.count == 2 + 2 * hour.rounds, "once each time, and when it is over")
    #expect(hour.lostMs == 0)
    #expect(hour.log == [runs, "warning: \(sentence)"])
    #expect(hour.linesInAMinute <= 2)
  }

  @Test func clipping() throws {
    let loud = (0..<10).map { Step.frames(16, value: $0 % 2 == 0 ? Int16.max : Int16($0)) }
    let hour = try FaultHour(Self.sound(15) + loud)
    #expect(hour.reasons == ["clipping full_scale"])
    #expect(hour.states.count == 1 + 2 * hour.rounds, "once each time, and ten seconds after it")
    #expect(hour.lostMs == 0)
    #expect(
      hour.log == [runs, "warning: mic is often at full scale; lower its capture gain"])
    #expect(hour.linesInAMinute <= 2)
  }
}
