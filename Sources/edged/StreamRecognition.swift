import Acoustics
import Capture
import FixedPoint
import ModelFile
import Recognition
import SoundDevices
import Synchronization
import Threads

/// One stream on the inference thread: from the feed through resampler and recognizer to reports.
///
/// Made and changed by the event loop while the inference thread is stopped; stepped by the
/// inference thread. A step allocates nothing.
final class StreamRecognition {
  /// Reports that one step can lead to, with room to spare: a block has 26 frames at the most
  /// (`LoadedModel.shortestHop`, 8 kHz), of which every fifth may bring an interim result, and
  /// begin or end a segment.
  private static let reportReserve = 32
  /// Samples that are taken from the feed at a time: a block of the resampler.
  private static let blockSize = 1024

  let feed: StreamFeed
  let reports: StreamReports
  let model: LoadedModel
  let infersEmotion: Bool
  private var recognizer: Recognizer<GatedClassifier>
  private let memory: LockedMemory
  private var conversion: RateConversion
  private let block: UnsafeMutablePointer<Int16>
  /// Frames between interim decisions, as the event loop wants them.
  private let cadence: Atomic<Int>
  private let pace: DecisionPace
  private var time: StreamTime
  private var segmentsBefore: UInt32
  private var lastSegment: UInt32 = 0
  /// Samples of the last message that are still in the feed, and when the newest of them was
  /// captured.
  private var unread = 0
  private var captured: Int64 = 0
  /// What the device delivers, in frames a second; 0 before it delivered anything.
  private(set) var rate: Int32 = 0

  /// A stream that begins, or one that goes on where `past` ended, with a device that delivers
  /// `rate` frames a second.
  init(
    feed: StreamFeed, reports: StreamReports, model: LoadedModel, infersEmotion: Bool,
    past: StreamPast? = nil, rate: Int32 = 0
  ) {
    self.feed = feed
    self.reports = reports
    self.model = model
    self.infersEmotion = infersEmotion
    memory = LockedMemory(count: Self.memorySize(of: model, infersEmotion: infersEmotion))
    var arena = Arena(memory.bytes)
    recognizer = Self.recognizer(model, infersEmotion: infersEmotion, arena: &arena)
    block = arena.take(Int16.self, count: Self.blockSize)
    cadence = Atomic(Int(model.model.recognition.parameters.interimFrames))
    let definition = model.model.frontEnd.definition
    pace = DecisionPace(
      own: model.model.recognition.parameters.interimFrames, sampleRate: definition.sampleRate,
      hop: definition.hop, multiplications: model.model.program.multiplicationsPerDecision)
    time = StreamTime(
      frame: Int(definition.frame), hop: Int(definition.hop), rate: Int(definition.sampleRate))
    conversion = RateConversion()
    segmentsBefore = 0
    recognizer.restart()
    if let past { goOn(after: past) }
    if rate > 0 { adopt(rate: rate) }
  }

  /// How many bytes a stream needs to recognize with `model`.
  static func memorySize(of model: LoadedModel, infersEmotion: Bool = true) -> Int {
    var counting = Arena.counting()
    _ = recognizer(model, infersEmotion: infersEmotion, arena: &counting)
    _ = counting.take(Int16.self, count: blockSize)
    return counting.used
  }

  private static func recognizer(
    _ loaded: LoadedModel, infersEmotion: Bool, arena: inout Arena
  ) -> Recognizer<GatedClassifier> {
    let model = loaded.model
    let network = IntegerClassifier(
      model.features, program: model.program, variant: loaded.kernels, arena: &arena)
    return Recognizer(
      model.recognition, frontEnd: model.frontEnd, variant: loaded.kernels.frontEnd,
      network: GatedClassifier(
        network, isOpen: infersEmotion, classCount: Int(model.recognition.classCount)),
      arena: &arena)
  }

  /// Whether all memory that holds sound is locked.
  var isLocked: Bool { memory.isLocked && feed.samples.isLocked && conversion.isLocked }

  /// Requests interim decisions at least every `milliseconds`, as far as ten a second and the
  /// model's work allow; its own decisions are always among them. From any thread.
  func decideEvery(milliseconds: Int) {
    cadence.store(pace.frames(every: milliseconds), ordering: .relaxed)
  }

  /// Processes one message of the feed, or one block of its samples; false when there was nothing,
  /// or no room to report what it leads to.
  func step() -> Bool {
    guard reports.ring.space >= Self.reportReserve else { return false }
    recognizer.decideEvery(frames: Int32(cadence.load(ordering: .relaxed)))
    guard unread > 0 || takeMessage() else { return false }
    if unread > 0 { hearBlock() }
    reports.position.store(Int(time.nextFrame), ordering: .relaxed)
    return true
  }

  /// Processes one message of the feed, but not the samples that it announces; false when there was
  /// none.
  private func takeMessage() -> Bool {
    guard let message = feed.messages.read() else { return false }
    switch message {
    case .samples(let count, let captured): (unread, self.captured) = (Int(count), captured)
    case .lost(let nanoseconds, let cause): lose(nanoseconds, cause)
    case .state(let state, let reason): reports.send(.device(state, reason, rate: rate))
    case .rate(let rate): adopt(rate: rate)
    case .ended: interrupt(lostFrames: 0)
    }
    return true
  }

  /// Ends an open segment with what it has: the stream stops here.
  func finish() {
    interrupt(lostFrames: 0)
    _ = time.lose(nanoseconds: 0)
  }

  /// Ends an open segment with what it has; whoever speaks next is somebody else.
  func finishTalk() {
    finish()
    recognizer.forgetTalker()
  }

  /// The same, and overwrites all that was made of the sound, down to the network's activations.
  /// The stream continues as a new one of its name would.
  func forgetSound() {
    let dropped = feed.forget()
    let silence = Int64(dropped.samples + unread) * 1_000_000_000 / Int64(max(rate, 1))
    unread = 0
    for (cause, nanoseconds) in dropped.lost { lose(nanoseconds, cause) }
    // What was captured and not yet processed.
    if silence > 0 { lose(silence, .pause) }
    finish()
    memory.erase()
    var arena = Arena(memory.bytes)
    recognizer = Self.recognizer(model, infersEmotion: infersEmotion, arena: &arena)
    recognizer.restart()
    conversion.erase()
    goOn(after: past)
  }

  private func adopt(rate: Int32) {
    self.rate = rate
    conversion.adopt(rate: Int(rate))
  }

  private func hearBlock() {
    let taken = feed.samples.read(into: block, limit: min(unread, Self.blockSize))
    guard taken > 0 else {
      unread = 0
      return
    }
    unread -= taken
    // The block ends this much before the last sample that was captured.
    let blockEnd = captured - Int64(unread) * 1_000_000_000 / Int64(max(rate, 1))
    conversion.push(UnsafeBufferPointer(start: block, count: taken)) { samples in
      time.hear(samples.count)
      recognizer.push(samples) { report($0, newest: blockEnd) }
    }
  }

  private func lose(_ nanoseconds: Int64, _ cause: LossCause) {
    conversion.restart()
    let before = time
    let skipped = time.lose(nanoseconds: nanoseconds)
    let after = time
    time = before
    interrupt(lostFrames: skipped)
    time = after
    reports.send(.lost(nanoseconds: nanoseconds, cause: cause))
  }

  private func interrupt(lostFrames: Int64) {
    let now = monotonicNanoseconds()
    recognizer.interrupt(lostFrames: lostFrames) { report($0, newest: now) }
  }

  private func report(_ event: RecognitionEvent, newest: Int64) {
    let numbered = event.numbered(after: segmentsBefore)
    switch numbered {
    case .speechStart(let segment, _, _):
      lastSegment = segment
      reports.send(.recognized(numbered, captured: newest))
    case .decision(let decision):
      reports.send(
        .recognized(numbered, captured: newest - time.age(ofFrame: decision.end - 1)))
    case .speechEnd:
      reports.send(.recognized(numbered, captured: newest))
    }
  }

  /// Where a stream of the same name continues once this one has finished.
  var past: StreamPast {
    StreamPast(time: time, lastSegment: lastSegment, accountedUntil: feed.accountedUntil)
  }

  /// Takes over time and numbering.
  private func goOn(after past: StreamPast) {
    let definition = model.model.frontEnd.definition
    time = StreamTime(
      continuing: past.time, frame: Int(definition.frame), hop: Int(definition.hop),
      rate: Int(definition.sampleRate))
    segmentsBefore = past.lastSegment
    lastSegment = past.lastSegment
    recognizer.interrupt(lostFrames: time.nextFrame) { _ in }
  }
}

extension RecognitionEvent {
  /// The same event, with `before` added to its segment's number.
  fileprivate func numbered(after before: UInt32) -> RecognitionEvent {
    switch self {
    case .speechStart(let segment, let start, let speech):
      return .speechStart(segment: before &+ segment, start: start, speech: speech)
    case .decision(var decision):
      decision.segment &+= before
      return .decision(decision)
    case .speechEnd(let segment, let start, let end, let speech):
      return .speechEnd(segment: before &+ segment, start: start, end: end, speech: speech)
    }
  }
}
