import Acoustics
import FixedPoint
import ModelFile
import Quantization
import Testing

@testable import Recognition

/// What a classifier was told beside frames.
private final class Told {
  var words: [String] = []
}

/// Logits that follow from all frames since the restart, in their order.
private struct FrameHash: Classifier {
  let told: Told
  private var hash: Int32 = 0
  private var frames: Int32 = 0

  init(telling told: Told) { self.told = told }

  mutating func restart() { (hash, frames) = (0, 0) }

  mutating func push(_ frame: UnsafePointer<Int32>) {
    frames += 1
    for index in 0..<41 { hash = hash &* 31 &+ frame[index] }
  }

  mutating func decide(into logits: UnsafeMutablePointer<Int32>) {
    (logits[0], logits[1]) = (frames << 16, hash >> 8)
  }

  mutating func endContext(frames: Int32) {
    told.words.append("\(frames) frames, \(self.frames) judged")
  }

  mutating func endSegment(isRemembered: Bool) {
    told.words.append(isRemembered ? "remember" : "drop")
  }

  mutating func forgetTalker() { told.words.append("forget") }
}

/// A recognizer over the standard front end, with memory of its own.
private final class Fixture {
  private let front: AlignedMemory
  private let memory: ArenaMemory
  private let mean = UnsafeMutablePointer<Int32>.allocate(capacity: 41)
  private let record = UnsafeMutablePointer<Int32>.allocate(capacity: 7)
  private var recognizer: Recognizer<FrameHash>
  /// What the classifier was told.
  let told = Told()
  var events: [RecognitionEvent] = []

  init(
    _ parameters: RecognitionParameters = .standard, segmentation: Segmentation = .detected,
    bias: [Int32] = [], gain: KnownTalkerGain = .one
  ) throws {
    front = AlignedMemory(try FrontEndTables.section(for: FrontEndDefinition()))
    mean.initialize(repeating: 0, count: 41)
    let tables = try FrontEndTables(front.bytes)
    record.update(from: bias, count: bias.count)
    let recognition = RecognitionTables(
      parameters: parameters, corpusMean: mean,
      bias: bias.isEmpty ? nil : TalkerBiasTables(record), knownTalkerGain: gain,
      classCount: 2)
    let make = { [told] (arena: inout Arena) in
      Recognizer(
        recognition, frontEnd: tables, network: FrameHash(telling: told),
        segmentation: segmentation, arena: &arena)
    }
    memory = ArenaMemory { _ = make(&$0) }
    var arena = memory.arena()
    recognizer = make(&arena)
    recognizer.restart()
  }

  deinit {
    mean.deallocate()
    record.deallocate()
  }

  func hear(_ samples: some Collection<Int16>) {
    Array(samples).withUnsafeBufferPointer { recognizer.push($0) { events.append($0) } }
  }

  func interrupt(lostFrames: Int64 = 0) {
    recognizer.interrupt(lostFrames: lostFrames) { events.append($0) }
  }

  func forgetTalker() { recognizer.forgetTalker() }

  func decideEvery(frames: Int32) { recognizer.decideEvery(frames: frames) }

  /// Each event in a word, with all that it says.
  var said: [String] { events.map { "\($0)" } }

  var decisions: [Decision] {
    events.compactMap { if case .decision(let decision) = $0 { decision } else { nil } }
  }
}

/// Noise at a level that changes: quiet, then `seconds` of loud, then quiet.
private func burst(seconds: Double, before: Double = 1, after: Double = 1, seed: UInt64 = 1)
  -> [Int16]
{
  var state = seed
  func noise(_ seconds: Double, _ amplitude: Int) -> [Int16] {
    (0..<Int(seconds * 16_000)).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int16(Int(state >> 40) % (2 * amplitude + 1) - amplitude)
    }
  }
  return noise(before, 20) + noise(seconds, 4000) + noise(after, 20)
}

@Suite struct RecognizerTests {
  @Test func anyChunkingTellsTheSame() throws {
    let samples = burst(seconds: 1.3) + burst(seconds: 0.7, seed: 2)
    let whole = try Fixture()
    whole.hear(samples)
    whole.interrupt()
    #expect(whole.events.count > 6)
    for seed in 1...5 {
      let pieces = try Fixture()
      var rest = samples[...]
      var step = seed
      while !rest.isEmpty {
        step = step * 7919 % 1601
        pieces.hear(rest.prefix(step))
        rest = rest.dropFirst(step)
      }
      pieces.interrupt()
      #expect(pieces.said == whole.said)
    }
  }

  @Test func aSegmentBeginsWithItsPrerollAndEndsWithItsHangover() throws {
    let fixture = try Fixture()
    fixture.hear(burst(seconds: 1))
    guard case .speechStart(1, let start, let speech)? = fixture.events.first,
      case .speechEnd(1, start, let end, let speechEnd)? = fixture.events.last
    else {
      Issue.record("\(fixture.said)")
      return
    }
    #expect(speech - start == 20)
    #expect(end - speechEnd == 30)
    #expect((97...101).contains(speech))
    #expect((198...206).contains(speechEnd))
  }

  @Test func interimDecisionsComeEveryHalfSecondAndOneFinalEndsTheSegment() throws {
    let fixture = try Fixture()
    fixture.hear(burst(seconds: 1.2))
    let interim = fixture.decisions.filter { !$0.isFinal }
    #expect(interim.map { $0.end - $0.start } == [50, 100, 150])
    #expect(fixture.decisions.filter(\.isFinal).count == 1)
    #expect(fixture.decisions.last?.isFinal == true)
  }

  @Test(arguments: [Int32(10), 25]) func moreInterimDecisionsChangeNothingElse(frames: Int32) throws
  {
    let samples = burst(seconds: 2.2) + burst(seconds: 0.9, seed: 2)
    let usual = try Fixture()
    usual.hear(samples)
    usual.interrupt()
    let often = try Fixture()
    often.decideEvery(frames: frames)
    often.hear(samples)
    often.interrupt()
    let lengths = often.decisions.filter { !$0.isFinal && $0.segment == 1 }.map {
      $0.end - $0.start
    }
    #expect(lengths.count >= 200 / Int(frames))
    #expect(lengths == (1...lengths.count).map { Int64($0) * Int64(frames) })
    let common = often.events.filter {
      guard case .decision(let decision) = $0, !decision.isFinal else { return true }
      return (decision.end - decision.start) % 50 == 0
    }
    #expect(common.map { "\($0)" } == usual.said)
    #expect(usual.decisions.count { !$0.isOwn } == 0)
    #expect(often.decisions.count { $0.isOwn } == usual.decisions.count)
  }

  @Test func aContextIsNeverLongerThanTheModelSays() throws {
    var parameters = RecognitionParameters.standard
    parameters.contextFrames = 120
    parameters.interimFrames = 40
    // Noise becomes the floor after 2.5 s, so this segment is about that long.
    let fixture = try Fixture(parameters)
    fixture.hear(burst(seconds: 4))
    let interim = fixture.decisions.filter { !$0.isFinal }
    #expect(interim.prefix(4).map { $0.logits.values[0] >> 16 } == [40, 80, 120, 40])
    #expect(interim[3].start == interim[0].start + 120)
  }

  @Test func theFinalDecisionIsTheMeanOverContextsByFrames() throws {
    var parameters = RecognitionParameters.standard
    parameters.contextFrames = 100
    let fixture = try Fixture(parameters)
    fixture.hear(burst(seconds: 2))
    let final = try #require(fixture.decisions.last)
    let frames = final.end - final.start
    let (contexts, rest) = frames.quotientAndRemainder(dividingBy: 100)
    // The fake network's first logit is the number of its frames.
    let expected = Double(contexts * 100 * 100 + rest * rest) / Double(frames)
    #expect(abs(Double(final.logits.values[0]) / 65_536 - expected) < 1e-4)
  }

  @Test func lostTimeMovesWhatComesAfterIt() throws {
    let plain = try Fixture()
    plain.hear(burst(seconds: 1))
    let broken = try Fixture()
    broken.interrupt(lostFrames: 1000)
    broken.hear(burst(seconds: 1))
    #expect(broken.decisions.map { $0.start - 1000 } == plain.decisions.map(\.start))
  }

  @Test func anInterruptionEndsTheSegmentWithWhatItHas() throws {
    let fixture = try Fixture()
    fixture.hear(burst(seconds: 1, after: 0))
    fixture.interrupt()
    #expect(fixture.decisions.last?.isFinal == true)
    guard case .speechEnd? = fixture.events.last else {
      Issue.record("\(fixture.said)")
      return
    }
  }

  @Test func theBiasIsThatOfTheFinalsBeforeAndGoesWithTheTalker() throws {
    let samples = burst(seconds: 1.2) + burst(seconds: 0.8, seed: 2)
    let record: [Int32] = [20, 2, 12_000, 3 << 16, -3 << 16, -3 << 16, 3 << 16]
    let plain = try Fixture()
    let biased = try Fixture(bias: record)
    for fixture in [plain, biased] {
      fixture.hear(samples)
      fixture.forgetTalker()
      fixture.hear(burst(seconds: 1, seed: 3))
    }
    #expect(biased.said.count == plain.said.count)
    let known = try #require(plain.decisions.first { $0.isFinal }?.logits)
    try record.withUnsafeBufferPointer { record in
      let tables = TalkerBiasTables(record.baseAddress!)
      let memory = ArenaMemory { _ = TalkerBias(tables, classCount: 2, arena: &$0) }
      defer { withExtendedLifetime(memory) {} }
      var arena = memory.arena()
      var bias = TalkerBias(tables, classCount: 2, arena: &arena)
      bias.restart()
      bias.add(known)
      #expect(bias.offset.values[0] != 0)
      #expect(plain.decisions.map(\.segment).contains(2))
      for (before, after) in zip(plain.decisions, biased.decisions) {
        // Interim decisions and the final of a segment alike, and none of another talker's.
        let expected = before.segment == 2 ? bias.removed(from: before.logits) : before.logits
        for index in 0..<2 { #expect(after.logits.values[index] == expected.values[index]) }
      }
      try #require(plain.decisions.last?.segment == 3)
    }
  }

  @Test func knownTalkersAreJudgedWithAnotherConfidence() throws {
    let record: [Int32] = [20, 2, 12_000, 3 << 16, -3 << 16, -3 << 16, 3 << 16]
    let gain = KnownTalkerGain(factor: 80_000)
    let (plain, other) = (try Fixture(bias: record), try Fixture(bias: record, gain: gain))
    for fixture in [plain, other] {
      fixture.hear(burst(seconds: 1.2) + burst(seconds: 0.8, seed: 2))
      fixture.forgetTalker()
      fixture.hear(burst(seconds: 1, seed: 3))
    }
    #expect(other.said.count == plain.said.count)
    #expect(plain.decisions.contains { $0.baseline > 0 && !$0.isFinal })
    #expect(plain.decisions.last?.baseline == 0)
    for (before, after) in zip(plain.decisions, other.decisions) {
      // What is learnt of the talker stays the same: the bias is taken out before the gain.
      let expected = before.baseline > 0 ? gain.applied(to: before.logits) : before.logits
      for index in 0..<2 { #expect(after.logits.values[index] == expected.values[index]) }
    }
  }

  @Test func aSegmentThatTellsLittleOfItsTalkerTellsNothingOfTheBias() throws {
    var parameters = RecognitionParameters.standard
    parameters.baselineSpeechFrames = 100_000
    let samples = burst(seconds: 1.2) + burst(seconds: 0.8, seed: 2)
    let plain = try Fixture(parameters)
    let biased = try Fixture(
      parameters, bias: [20, 2, 12_000, 3 << 16, -3 << 16, -3 << 16, 3 << 16])
    for fixture in [plain, biased] { fixture.hear(samples) }
    #expect(biased.said == plain.said)
  }

  @Test func theNetworkLearnsOfContextsSegmentsAndTalkersWhatTheBaselineDoes() throws {
    var parameters = RecognitionParameters.standard
    parameters.contextFrames = 100
    let fixture = try Fixture(parameters)
    fixture.hear(burst(seconds: 2))
    fixture.forgetTalker()
    fixture.hear(burst(seconds: 0.8, after: 0, seed: 2))
    fixture.interrupt()
    let frames = fixture.decisions.filter(\.isFinal).map { $0.end - $0.start }
    let contexts = frames.map { frames in
      (Array(repeating: 100, count: Int(frames) / 100) + [Int(frames) % 100]).filter { $0 > 0 }
        .map { "\($0) frames, \($0) judged" }
    }
    #expect(
      fixture.told.words
        == ["forget"] + contexts[0] + ["remember", "forget"] + contexts[1] + ["remember"])
    #expect(contexts[0].count >= 2)
  }

  @Test func theNetworkIsToldOfALongSilenceAndOfASegmentThatTellsLittle() throws {
    var parameters = RecognitionParameters.standard
    parameters.baselineSpeechFrames = 100_000
    let fixture = try Fixture(parameters)
    fixture.hear(burst(seconds: 1))
    fixture.hear(burst(seconds: 1, before: 31, seed: 2))
    #expect(
      fixture.told.words.filter { !$0.hasSuffix("judged") } == ["forget", "drop", "forget", "drop"])
  }

  @Test func theBaselineGrowsWithEverySegmentUntilTheTalkerIsForgotten() throws {
    let fixture = try Fixture()
    for seed in 1...3 { fixture.hear(burst(seconds: 1, seed: UInt64(seed))) }
    #expect(fixture.decisions.filter(\.isFinal).map(\.baseline) == [0, 1, 2])
    fixture.forgetTalker()
    fixture.hear(burst(seconds: 1, seed: 9))
    #expect(fixture.decisions.last?.baseline == 0)
  }

  @Test func aLongSilenceForgetsTheTalker() throws {
    let fixture = try Fixture()
    fixture.hear(burst(seconds: 1))
    fixture.hear(burst(seconds: 1, before: 31, seed: 2))
    #expect(fixture.decisions.filter(\.isFinal).map(\.baseline) == [0, 0])
    let biased = try Fixture(bias: [20, 2, 12_000, 3 << 16, -3 << 16, -3 << 16, 3 << 16])
    biased.hear(burst(seconds: 1))
    biased.hear(burst(seconds: 1, before: 31, seed: 2))
    #expect(biased.said == fixture.said)
  }

  @Test func heardWholeARecordingIsOneSegmentOfAllItsFrames() throws {
    let fixture = try Fixture(segmentation: .whole)
    fixture.hear(burst(seconds: 1))
    fixture.interrupt()
    let final = try #require(fixture.decisions.last)
    #expect((final.start, final.end) == (0, 298))
    // Its level is that of the speech in it.
    let detected = try Fixture()
    detected.hear(burst(seconds: 1))
    #expect(final.level == detected.decisions.last?.level)
  }
}
