import Acoustics
import Affect
import EventStream
import Testing

@testable import Announcement
@testable import Recognition

@Suite struct SpeechAnnouncerTests {
  private func announcer(_ role: Role = .caller, hop: Int32 = 160) throws -> SpeechAnnouncer {
    SpeechAnnouncer(
      stream: "kiosk", classCount: 2, frontEnd: FrontEndDefinition(hop: hop),
      interpreter: Interpreter(role: role, labels: try LabelMap(labels: ["angry", "sad"])))
  }

  private func decision(
    segment: UInt32 = 3, isFinal: Bool = true, isOwn: Bool = true
  ) -> RecognitionEvent {
    var logits = Logits()
    logits.values[0] = 2 << 16
    return .decision(
      Decision(
        segment: segment, start: 100, end: 250, baseline: 4, isFinal: isFinal, isOwn: isOwn,
        logits: logits,
        level: 16 << 16))
  }

  @Test func framesBecomeMilliseconds() throws {
    var announcer = try announcer()
    #expect(
      announcer.events(for: .speechStart(segment: 1, start: 12, speech: 32))
        == [Event(stream: "kiosk", .speechStart(SpeechStart(segment: 1, startMs: 120)))])
    #expect(
      announcer.events(for: .speechEnd(segment: 1, start: 12, end: 99, speech: 69))
        == [Event(stream: "kiosk", .speechEnd(SpeechEnd(segment: 1, startMs: 120, endMs: 990)))])
  }

  @Test(arguments: [Int32(80), 200, 368]) func framesOfAnyHopKeepTime(hop: Int32) throws {
    var announcer = try announcer(hop: hop)
    let hour = Int64(3600 * 16000 / hop)
    #expect(
      announcer.events(for: .speechStart(segment: 1, start: hour, speech: hour))
        == [
          Event(
            stream: "kiosk",
            .speechStart(SpeechStart(segment: 1, startMs: Int(hour) * Int(hop) / 16)))
        ])
  }

  @Test func aDecisionIsAnEmotionWithScoresAndLevel() throws {
    var announcer = try announcer()
    let events = announcer.events(for: decision(), latencyMs: 7)
    guard case .emotion(let judgement)? = events.first?.content else {
      Issue.record("\(events)")
      return
    }
    #expect(judgement.label == .angry)
    #expect(judgement.scores[.angry] == 8000)
    #expect(judgement.scores[.sad] == 2000)
    #expect((judgement.startMs, judgement.endMs) == (1000, 2500))
    #expect((judgement.segment, judgement.baseline, judgement.latencyMs) == (3, 4, 7))
    // 10·log10(e¹⁶ / 2³⁰) = −20.82 dB.
    #expect(judgement.levelCentibels == -208)
  }

  @Test func whoStopsInferringEndsWhatStandsAndAnnouncesSpeechAlone() throws {
    var announcer = try announcer()
    for segment in 4..<24 { _ = announcer.events(for: decision(segment: UInt32(segment))) }
    #expect(announcer.sustained == .angry)
    let ends = announcer.stopInferring(atFrame: 300)
    #expect(ends.map(\.type) == [.state])
    #expect(!announcer.infersEmotion && announcer.sustained == nil)
    #expect(announcer.events(for: decision()) == [])
    #expect(announcer.finish(atFrame: 100_000) == [])
    let end = announcer.events(for: .speechEnd(segment: 3, start: 100, end: 250, speech: 10))
    #expect(end.map(\.type) == [.speechEnd])
  }

  @Test func resultsThatOnlySomebodyWantsAreEmotionsAndNoEvidence() throws {
    var announcer = try announcer()
    for segment in 4..<24 {
      let events = announcer.events(
        for: decision(segment: UInt32(segment), isFinal: false, isOwn: false))
      #expect(events.map(\.type) == [.emotion])
    }
    #expect(announcer.sustained == nil)
    #expect(announcer.finish(atFrame: 100_000) == [])
  }

  @Test func whatLapsedInSilenceEndsBeforeSomebodySpeaksAgain() throws {
    var announcer = try announcer()
    for segment in 4..<24 { _ = announcer.events(for: decision(segment: UInt32(segment))) }
    #expect(announcer.sustained == .angry)
    // Speech ended at 2.5 s; a state lapses 5 s later.
    let early = announcer.events(for: .speechStart(segment: 24, start: 749, speech: 769))
    #expect(early.map(\.type) == [.speechStart])
    let late = announcer.events(for: .speechStart(segment: 25, start: 750, speech: 770))
    #expect(late.map(\.type) == [.state, .speechStart])
    #expect(announcer.sustained == nil)
  }

  @Test func anAgentsEmotionIsNeverAnnounced() throws {
    var announcer = try announcer(.agent)
    #expect(announcer.events(for: decision()) == [])
    #expect(announcer.advance(toFrame: 100_000) == [])
    #expect(announcer.finish(atFrame: 200_000) == [])
    #expect(announcer.events(for: .speechStart(segment: 1, start: 0, speech: 20)).count == 1)
  }
}
