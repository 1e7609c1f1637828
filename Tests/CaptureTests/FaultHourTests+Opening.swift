import Glibc
import SoundDevices
import Testing

@testable import Capture

/// Failures of devices that do not open.
extension FaultHourTests {
  /// An hour with a device of which each open but those in the last minute fails with `problem`.
  private func hour(
    of problem: OpenProblem, at place: SourceLocation = #_sourceLocation
  ) throws -> FaultHour {
    try FaultHour(Self.sound(), at: place) { device, surroundings in
      let end = surroundings.time + 59 * 60_000_000_000
      device.beforeOpen = { () throws(OpenProblem) in
        if surroundings.time < end { throw problem }
      }
    }
  }

  /// It was told once that the device does not open, and once that it runs.
  private func expectWaiting(
    _ hour: FaultHour, in state: String, because problem: OpenProblem,
    at place: SourceLocation = #_sourceLocation
  ) {
    #expect(hour.states == ["opening", state, "running"], sourceLocation: place)
    #expect(hour.log == ["warning: \(problem)", runs], sourceLocation: place)
    #expect(hour.lines.count == 2, sourceLocation: place)
  }

  @Test func aCardThatIsLateAtTheStart() throws {
    let hour = try hour(of: .noCard)
    expectWaiting(hour, in: "absent", because: .noCard)
    #expect(hour.reasons == ["absent no_card"])
    #expect(hour.lostMs == 0 && hour.awayMs == 0, "what was before the first card is no loss")
    #expect(hour.device.calls.count { $0 == "open" } <= 3540 / 5 + 10)
  }

  @Test func busyAndThenFree() throws {
    let hour = try hour(of: .busy(name: "mic"))
    expectWaiting(hour, in: "busy", because: .busy(name: "mic"))
    #expect(hour.device.calls.count { $0 == "open" } <= 3540 / 5 + 10)
  }

  @Test func takenByAnotherProgramAgainAndAgain() throws {
    let busy = Result<StreamFormat, OpenProblem>.failure(.busy(name: "mic"))
    let hour = try FaultHour(
      Self.sound() + [.then { $0.opens = [busy, busy, format] }, .waitFails(ENODEV)])
    #expect(hour.states.prefix(6) == ["opening", "running", "lost", "busy", "running", "lost"])
    #expect(hour.awayMs == 750 * Int64(hour.rounds))
    #expect(hour.log == [runs, wentAway, "warning: \(OpenProblem.busy(name: "mic"))"])
    #expect(hour.linesInAMinute <= 3)
  }

  @Test func pulledOutWhileAnotherProgramHadIt() throws {
    let busy = Result<StreamFormat, OpenProblem>.failure(.busy(name: "mic"))
    let hour = try FaultHour(
      Self.sound() + [
        .then { $0.opens = [busy, missing, missing, format] }, .waitFails(ENODEV),
      ])
    #expect(
      hour.states.prefix(7) == ["opening", "running", "lost", "busy", "lost", "running", "lost"])
    #expect(hour.reasons == ["lost disconnected", "busy busy"])
    #expect(hour.awayMs == 1750 * Int64(hour.rounds))
    #expect(hour.log == [runs, wentAway, "warning: \(OpenProblem.busy(name: "mic"))"])
    #expect(hour.linesInAMinute <= 3)
  }

  @Test(arguments: [
    OpenProblem.severalCards(["Device", "Other"]), .unusable(name: "mic", reason: "no such rate"),
    .noSuchChannel(name: "mic", channel: 1, channels: 1),
  ])
  func backInAWayThatCannotBeUsed(problem: OpenProblem) throws {
    let hour = try FaultHour(
      Self.sound() + [
        .then { $0.opens = [missing, .failure(problem), missing, format] }, .waitFails(ENODEV),
      ])
    #expect(
      hour.states.prefix(7) == ["opening", "running", "lost", "absent", "lost", "running", "lost"])
    #expect(hour.reasons == ["lost disconnected", "absent \(problem.reason.token ?? "")"])
    #expect(hour.awayMs == 1750 * Int64(hour.rounds))
    #expect(hour.log == [runs, wentAway, "warning: \(problem)"])
    #expect(hour.linesInAMinute <= 3)
  }

  @Test func deniedAndThenGrantedWhenItsAttributesChange() throws {
    let hour = try FaultHour(Self.sound()) { device, surroundings in
      surroundings.arrivals = [Bool](repeating: false, count: 600) + [true]
      device.beforeOpen = { () throws(OpenProblem) in
        if !surroundings.arrivals.isEmpty { throw .denied(name: "mic") }
      }
    }
    expectWaiting(hour, in: "denied", because: .denied(name: "mic"))
    #expect(hour.reasons == ["denied permission"])
    #expect(hour.device.calls.count { $0 == "open" } == 602, "taken at once")
  }

  /// What a card's owner is told that refuses all that `accepts` does not.
  private func negotiated(
    rate: Int? = nil, _ accepts: @escaping (Int, SampleFormat) -> Bool
  ) throws(OpenProblem) -> StreamFormat {
    try CaptureRequest(rate: rate).configure(name: "mic") { () throws(OpenProblem) in
      let offer = Offer(rates: [16_000, 44_100, 48_000], channels: [1], samples: [.int16, .int32])
      offer.refusal = {
        accepts($0, $1) ? nil : .unusable(name: "mic", reason: "Invalid argument")
      }
      return offer
    }
  }

  @Test func aRateThatIsRefusedFallsBackToOneThatIsResampled() throws {
    let hour = try FaultHour([], minutes: 0) { device, _ in
      device.opens = [
        Result { () throws(OpenProblem) in try negotiated { rate, _ in rate == 44_100 } }
      ]
    }
    #expect(hour.rates == [44_100])
    hour.expectNoFault()
  }

  @Test func aFormatThatIsRefusedFallsBackToAnother() throws {
    let format = try negotiated { _, sample in sample == .int32 }
    #expect(format.sample == .int32)
    let hour = try FaultHour([], minutes: 0) { device, _ in device.opens = [.success(format)] }
    #expect(hour.rates == [16_000])
    hour.expectNoFault()
  }

  @Test func aConfiguredRateThatIsRefusedForGood() throws {
    let hour = try FaultHour(Self.sound()) { device, surroundings in
      let end = surroundings.time + 59 * 60_000_000_000
      device.beforeOpen = { () throws(OpenProblem) in
        if surroundings.time < end { _ = try negotiated(rate: 48_000) { rate, _ in rate < 48_000 } }
      }
    }
    #expect(hour.reasons == ["absent unusable"])
    #expect(
      hour.log == ["warning: capture device mic cannot be used: Invalid argument", runs])
    #expect(hour.lines.count == 2)
  }
}
