import SoundDevices
import Testing

@testable import Capture

@Suite struct OpeningTests {
  let surroundings = ScriptedSurroundings()
  let feed = StreamFeed()
  let health = CaptureHealth(deviceName: "scripted")

  private func loop(_ device: ScriptedDevice, channels: [Int] = [0]) -> CaptureLoop {
    CaptureLoop(
      device: device, taps: channels.map { .init(channel: $0, feed: feed) },
      surroundings: surroundings, health: health)
  }

  private func format(rate: Int = 16_000, channels: Int = 1) -> StreamFormat {
    StreamFormat(
      rate: rate, channels: channels, sample: .int16, period: rate / 50, buffer: rate / 2)
  }

  @Test func aMissingCardIsLookedForWithBoundedBackoff() {
    let device = ScriptedDevice(surroundings, steps: [.frames(320)])
    device.opens = Array(repeating: .failure(.noCard), count: 8) + [.success(format())]
    loop(device).run()
    #expect(surroundings.waits == [250, 500, 1000, 2000, 4000, 5000, 5000, 5000])
    #expect(drain(feed).states == [.opening, .absent, .running])
  }

  @Test func aChangeOfDevicesStartsTheBackoffAgain() {
    let device = ScriptedDevice(surroundings, steps: [])
    device.opens = Array(repeating: .failure(.noCard), count: 4) + [.success(format())]
    surroundings.arrivals = [false, false, true]
    loop(device).run()
    #expect(surroundings.waits == [250, 500, 1000, 250])
  }

  @Test(arguments: [
    (OpenProblem.busy(name: "x"), DeviceState.busy), (.denied(name: "x"), .denied),
    (.severalCards(["a", "b"]), .absent), (.unusable(name: "x", reason: "y"), .absent),
  ])
  func everyProblemHasItsState(problem: OpenProblem, state: DeviceState) {
    let device = ScriptedDevice(surroundings, steps: [.frames(320)])
    device.opens = [.failure(problem), .failure(problem), .success(format())]
    loop(device).run()
    let messages = drain(feed)
    #expect(messages.states == [.opening, state, .running])
    #expect(messages.contains(.state(state, problem.reason)))
  }

  @Test func theProblemIsThereForPeopleToRead() {
    let device = ScriptedDevice(surroundings, steps: [])
    device.opens = [.failure(.busy(name: "USB"))]
    surroundings.stopsAfterWaits = 1
    loop(device).run()
    #expect(health.lastProblem == .busy(name: "USB"))
    #expect(health.progress.count == 1)
  }

  @Test func theSentenceIsThatOfTheReasonAlsoWhenAnotherAttemptFailedOtherwise() {
    let last = OpenProblem.failed(name: "scripted", reason: "a cause of its own")
    func sentence(_ reason: StateReason) -> String? {
      OpenProblem.sentence(for: reason, of: "scripted", knowing: last)
    }
    #expect(sentence(.failed)?.contains("a cause of its own") == true)
    #expect(sentence(.permission) == OpenProblem.denied(name: "scripted").description)
    for reason in [
      StateReason.noCard, .notThere, .severalCards, .busy, .permission, .unusable, .badFile,
    ] {
      #expect(sentence(reason)?.contains("a cause of its own") == false, "\(reason)")
    }
    #expect(sentence(.ended) == nil)
  }

  @Test func aChannelThatTheDeviceDoesNotHaveIsAProblemOfItsOwn() {
    let device = ScriptedDevice(surroundings, steps: [])
    device.opens = [.success(format(channels: 2)), .success(format(channels: 4))]
    loop(device, channels: [3]).run()
    #expect(drain(feed).contains(.state(.absent, .unusable)))
  }

  @Test func aCardThatComesBackWithAnotherRateSaysSo() {
    let device = ScriptedDevice(
      surroundings, steps: [.frames(10), .readFails(19), .frames(10)])
    device.opens = [.success(format(rate: 48_000)), .success(format(rate: 44_100))]
    loop(device).run()
    let rates = drain(feed).compactMap { if case .rate(let rate) = $0 { rate } else { nil } }
    #expect(rates == [48_000, 44_100])
  }

  @Test func everyStreamGetsItsOwnChannel() {
    let other = StreamFeed()
    let device = ScriptedDevice(surroundings, steps: [.frames(320, value: 500)])
    device.opens = [.success(format(channels: 2))]
    let loop = CaptureLoop(
      device: device, taps: [.init(channel: 0, feed: feed), .init(channel: 1, feed: other)],
      surroundings: surroundings, health: health)
    loop.run()
    let first = (feed.samples.read(), other.samples.read())
    let left = (feed.samples.count, other.samples.count)
    #expect(first == (500, 501))
    #expect(left == (319, 319))
  }

  @Test func oneSentenceSaysWhatAndWhatToDo() {
    #expect(
      OpenProblem.severalCards(["PCH", "Device,1"]).description
        == "several cards can capture (PCH, Device,1); name one of them as the device")
    #expect(
      OpenProblem.noSuchChannel(name: "Device", channel: 2, channels: 1).description
        == "capture device Device has 1 channel, channel 2 was asked for; channels count from 0")
  }
}
