import Affect
import EventStream
import SoundDevices

/// Clocks that stand still, so that a line is the same bytes every time.
let stoppedClock = EventClock(
  now: { Timestamp(milliseconds: 1_795_228_929_007) }, monotonicMs: { 5_000 })
let sampleRun = RunIdentifier(hexadecimal: "00112233445566778899aabbccddeeff")!

/// What the recognizer and `Affect` make of a piece of speech, as a judgement.
func judgement(
  segment: Int = 1, startMs: Int = 1_000, endMs: Int = 1_500, angry: Int = 7_300,
  isFinal: Bool = false
) -> Judgement {
  Judgement(
    SegmentResult(
      segment: segment, startMs: startMs, endMs: endMs, baseline: 3,
      classScores: [angry, 10_000 - angry], isFinal: isFinal, levelCentibels: -231, latencyMs: 12),
    labels: try! LabelMap(labels: ["angry", "neutral"]), minimumConfidence: 5_500)
}

/// One event of every kind, and of every form that a kind can take.
let everyEvent: [Event] =
  [
    Event(stream: "caller", .speechStart(SpeechStart(segment: 1, startMs: 1_000))),
    Event(stream: "caller", .emotion(judgement())),
    Event(stream: "caller", .emotion(judgement(angry: 5_000, isFinal: true))),
    Event(stream: "caller", .speechEnd(SpeechEnd(segment: 1, startMs: 1_000, endMs: 3_000))),
    Event(
      stream: "agent",
      .speechEnd(SpeechEnd(segment: 1, startMs: 0, endMs: 3_000, levelCentibels: -305))),
    Event(stream: "caller", .xrun(Xrun(lostMs: 120))),
    Event(stream: "caller", .device(DeviceChange(.running))),
    Event(stream: "caller", .call(CallBoundary(.start, atMs: 12_000))),
    Event(stream: "agent", .call(CallBoundary(.end, atMs: 93_500))),
    Event(
      .model(LoadResult(.loaded, path: "/usr/share/edged/emotion.edge", id: "9f86d081884c7d65"))),
    Event(
      .config(
        LoadResult(
          .rejected, path: "/etc/edged/edged.toml", reason: "unknown_key",
          message: "line 3 has “modle”; did you mean “model”?"))),
    Event(
      .clock(
        ClockChange(
          old: Timestamp(milliseconds: 0), new: Timestamp(milliseconds: 1_795_228_929_007),
          isSynced: true))),
  ]
  + SustainedState.Phase.allCases.map {
    Event(
      stream: "caller",
      .state(SustainedState(label: .angry, sinceMs: 1_000, phase: $0, atMs: 5_000, share: 6_012)))
  }
  + Alert.Phase.allCases.map {
    Event(stream: "caller", .alert(Alert(rule: "anger", phase: $0, heldMs: 2_500)))
  }
  + DeviceState.allCases.map {
    Event(
      stream: "caller",
      .device(DeviceChange($0, reason: "disconnected", message: "the card was unplugged")))
  }

/// A daemon with one caller and one agent.
let sampleDescription = ServerDescription(
  version: "0.1.0", deviceIdentifier: "b827eb000001", isClockSynced: true,
  model: ModelSummary(
    id: "9f86d081884c7d65", name: "crema-d causal CNN+LSTM", labels: [.neutral, .angry],
    accuracy: [.init(name: "cold", share: 6_330), .init(name: "session", share: 7_050)],
    data: "CREMA-D", licence: "ODbL-1.0", languages: ["en"], date: "2026-11-21"),
  streams: [
    StreamSummary(
      name: "caller", role: .caller, device: "auto", rateHz: 48_000, state: .running,
      infersEmotion: true, sustained: .angry),
    StreamSummary(
      name: "agent", role: .agent, device: "by-path:1", channel: 1, state: .absent,
      infersEmotion: false),
  ])
