import Testing

@testable import EventStream

@Suite struct SubscriptionTests {
  /// When interim results are passed on that come every `step` ms in a segment of `length` ms.
  private func passed(interimMs: Int, step: Int, length: Int, offset: Int = 0) -> [Int] {
    var pace = InterimPace()
    let subscription = Subscription(interimMs: interimMs)
    return stride(from: step + offset, through: length, by: step).filter { elapsed in
      let event = Event(
        stream: "caller", .emotion(judgement(startMs: 1_000, endMs: 1_000 + elapsed)))
      return subscription.wants(pace.traits(of: event))
    }
  }

  @Test(arguments: [500, 1_000, 2_500])
  func interimResultsAreThinnedToTheCadenceAskedFor(interimMs: Int) {
    let times = passed(interimMs: interimMs, step: 100, length: 20_000)
    #expect(times.count == 20_000 / interimMs)
    #expect(zip(times, times.dropFirst()).allSatisfy { $1 - $0 == interimMs })
  }

  @Test(arguments: [0, 10, 20, 240, 250, 260, 490])
  func noneIsWithheldWhenTheyComeNoFasterThanAskedFor(offset: Int) {
    #expect(passed(interimMs: 500, step: 500, length: 20_000, offset: offset).count >= 39)
    #expect(passed(interimMs: 100, step: 500, length: 20_000, offset: offset).count >= 39)
  }

  @Test func finalsAreNeverThinned() {
    var pace = InterimPace()
    var subscription = Subscription(interimMs: 60_000)
    subscription.wantsInterim = false
    for segment in 1...10 {
      let event = Event(stream: "c", .emotion(judgement(segment: segment, isFinal: true)))
      #expect(subscription.wants(pace.traits(of: event)))
    }
  }

  @Test func streamsAndSegmentsArePacedApart() {
    var pace = InterimPace()
    for (stream, segment) in [("a", 1), ("b", 1), ("a", 2)] {
      let event = Event(stream: stream, .emotion(judgement(segment: segment, endMs: 1_700)))
      #expect(pace.traits(of: event).interim?.previousMs == 0)
    }
    let next = Event(stream: "a", .emotion(judgement(segment: 2, endMs: 1_800)))
    #expect(pace.traits(of: next).interim?.previousMs == 700)
  }

  @Test func choosesByTypeAndStreamAndAlwaysPassesWhatIsOfNoStream() {
    var pace = InterimPace()
    var subscription = Subscription(interimMs: 500)
    subscription.types = [EventTypes(.xrun), EventTypes(.config)]
    subscription.streams = ["caller"]
    func wants(_ event: Event) -> Bool { subscription.wants(pace.traits(of: event)) }
    #expect(wants(Event(stream: "caller", .xrun(Xrun(lostMs: 1)))))
    #expect(!wants(Event(stream: "agent", .xrun(Xrun(lostMs: 1)))))
    #expect(!wants(Event(stream: "caller", .device(DeviceChange(.running)))))
    #expect(wants(Event(.config(LoadResult(.loaded, path: "/etc/edged/edged.toml")))))
    #expect(!wants(Event(.model(LoadResult(.loaded, path: "m.edge")))))
  }

  @Test func everyTypeHasItsOwnBit() {
    #expect(
      Set(EventType.allCases.map { EventTypes($0).rawValue }).count == EventType.allCases.count)
    #expect(EventTypes.all.types == EventType.allCases)
    #expect(EventTypes([.alert, .emotion]).types == [.emotion, .alert])
  }
}
