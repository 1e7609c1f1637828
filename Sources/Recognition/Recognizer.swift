import Acoustics
import FixedPoint

/// Where segments begin and end.
public enum Segmentation: Sendable {
  /// Where the detector finds speech: how the device works, and what a model is trained for.
  case detected
  /// From the first sample to `interrupt`: a second figure for whole recordings. The detector still
  /// chooses the frames that enter the talker's baseline.
  case whole
}

/// One stream's whole path from 16 kHz samples to decisions.
///
/// Training, evaluation and the daemon all segment speech with this type and no other. Nothing here
/// allocates, and no result depends on how the samples are split into calls.
///
///     recognizer.push(samples) { event in … }
public struct Recognizer<Network: Classifier & ~Copyable>: ~Copyable {
  private var frontEnd: FrontEnd
  private var detector: SpeechDetector
  private var segmenter: Segmenter
  private var history: FrameHistory
  private var baseline: TalkerBaseline
  private var bias: TalkerBias?
  private var network: Network

  private let segmentation: Segmentation
  private let parameters: RecognitionParameters
  private var interimFrames: Int32
  private let tables: RecognitionTables
  private let width: Int
  private let row: UnsafeMutablePointer<Int32>
  private let logits: UnsafeMutablePointer<Int32>

  private var frame: Int64 = 0
  private var segment = SegmentProgress()
  private var segmentsHeard: UInt32 = 0
  private var silentFrames: Int32 = 0

  /// A recognizer over checked tables; call `restart()` before the first samples. `variant` must be
  /// available on this processor.
  public init(
    _ tables: RecognitionTables, frontEnd: FrontEndTables, variant: FrontEndVariant = .best,
    network: consuming Network, segmentation: Segmentation = .detected, arena: inout Arena
  ) {
    self.tables = tables
    self.segmentation = segmentation
    parameters = tables.parameters
    interimFrames = tables.parameters.interimFrames
    self.frontEnd = FrontEnd(frontEnd, variant: variant, arena: &arena)
    self.network = network
    width = self.frontEnd.rawCount
    detector = SpeechDetector(
      parameters.detector, network: tables.detector,
      bandCount: Int(self.frontEnd.definition.bands), arena: &arena)
    segmenter = Segmenter(parameters)
    history = FrameHistory(
      capacity: Int(parameters.prerollFrames + parameters.detector.confirmFrames), width: width,
      arena: &arena)
    baseline = TalkerBaseline(
      parameters, corpusMean: tables.corpusMean, width: width, arena: &arena)
    if let bias = tables.bias {
      self.bias = TalkerBias(bias, classCount: Int(tables.classCount), arena: &arena)
    }
    row = arena.take(Int32.self, count: width)
    logits = arena.take(Int32.self, count: Logits.maximumCount)
  }

  /// Begins a new stream: time zero, no floor, an unknown talker.
  public mutating func restart() {
    frame = 0
    segmentsHeard = 0
    forgetTalker()
    restartHearing()
  }

  /// Another talker from here on: a call has ended, or the caller said so.
  public mutating func forgetTalker() {
    baseline.restart()
    network.forgetTalker()
    bias?.restart()
  }

  /// From here on interim decisions come every `frames` ≥ 1. Nothing else changes: the decisions at
  /// the model's own cadence and the final one stay the same.
  public mutating func decideEvery(frames: Int32) {
    interimFrames = frames
  }

  /// Takes the next samples and passes the resulting events to `body`, in order.
  public mutating func push(
    _ samples: UnsafeBufferPointer<Int16>, _ body: (RecognitionEvent) -> Void
  ) {
    var rest = samples
    while let raw = frontEnd.next(&rest) { step(raw, body) }
  }

  /// The input ends or breaks here: an open segment ends with what it has. The talker is
  /// remembered.
  ///
  /// `lostFrames` of the stream's time were not heard; the next sample comes after them.
  public mutating func interrupt(
    lostFrames: Int64 = 0, _ body: (RecognitionEvent) -> Void
  ) {
    if segmenter.isOpen { endSegment(body) }
    restartHearing()
    frame &+= lostFrames
  }

  private mutating func restartHearing() {
    frontEnd.restart()
    detector.restart()
    segmenter.restart()
    silentFrames = 0
  }

  private mutating func step(
    _ raw: UnsafePointer<Int32>, _ body: (RecognitionEvent) -> Void
  ) {
    let activity = detector.hear(raw)
    history.append(raw)
    frame &+= 1
    switch segmenter.step(segmentation == .whole ? .strong : activity) {
    case .silent:
      countSilence()
    case .opened(let frames):
      beginSegment(frames: frames, body)
    case .open:
      judge(raw, isSpeech: activity != .quiet, body)
    case .closed:
      judge(raw, isSpeech: false, body)
      endSegment(body)
    }
  }

  private mutating func countSilence() {
    guard silentFrames < parameters.sessionGapFrames else { return }
    silentFrames &+= 1
    if silentFrames == parameters.sessionGapFrames { forgetTalker() }
  }

  private mutating func beginSegment(
    frames: Int32, _ body: (RecognitionEvent) -> Void
  ) {
    silentFrames = 0
    segmentsHeard &+= 1
    let confirmed = Int(parameters.detector.confirmFrames)
    segment = SegmentProgress(start: frame &- Int64(frames))
    network.restart()
    body(
      .speechStart(
        segment: segmentsHeard, start: segment.start, speech: frame &- Int64(confirmed)))
    // Nothing has confirmed that the first frames of a whole recording are speech.
    let speech = segmentation == .whole ? 0 : confirmed
    for age in stride(from: Int(frames) &- 1, through: 0, by: -1) {
      judge(history.frame(age: age), isSpeech: age < speech, body)
    }
  }

  /// One frame of an open segment: through the baseline to the network, with a decision when one is
  /// due.
  private mutating func judge(
    _ raw: UnsafePointer<Int32>, isSpeech: Bool, _ body: (RecognitionEvent) -> Void
  ) {
    for index in 0..<width { row[index] = raw[index] &- baseline.offset[index] }
    network.push(row)
    segment.frames &+= 1
    segment.contextFrames &+= 1
    if isSpeech {
      baseline.add(raw)
      segment.addSpeech(level: raw[frontEnd.levelIndex])
    }
    let isContextFull = segment.contextFrames == parameters.contextFrames
    let isInterimDue = segment.frames % Int64(interimFrames) == 0
    guard isContextFull || isInterimDue else { return }
    let context = decide()
    if isInterimDue {
      report(
        context, start: segment.start &+ segment.frames &- Int64(segment.contextFrames),
        isFinal: false, body)
    }
    if isContextFull {
      endContext(context)
      network.nextContext()
    }
  }

  private mutating func decide() -> Logits {
    network.decide(into: logits)
    return Logits(logits, count: Int(tables.classCount))
  }

  /// Ends the current context with the decision just made on it.
  private mutating func endContext(_ context: Logits) {
    network.endContext(frames: segment.contextFrames)
    segment.closeContext(context)
  }

  private mutating func endSegment(_ body: (RecognitionEvent) -> Void) {
    if segment.contextFrames > 0 { endContext(decide()) }
    let logits = segment.meanLogits
    report(logits, start: segment.start, isFinal: true, body)
    body(
      .speechEnd(
        segment: segmentsHeard, start: segment.start, end: segment.start &+ segment.frames,
        speech: segment.speechEnd))
    network.endSegment(isRemembered: baseline.isTelling)
    if baseline.isTelling { bias?.add(logits) }
    baseline.endSegment()
  }

  private func report(
    _ logits: Logits, start: Int64, isFinal: Bool,
    _ body: (RecognitionEvent) -> Void
  ) {
    let isOwn = isFinal || segment.frames % Int64(parameters.interimFrames) == 0
    body(
      .decision(
        Decision(
          segment: segmentsHeard, start: start, end: segment.start &+ segment.frames,
          baseline: baseline.segments, isFinal: isFinal, isOwn: isOwn,
          logits: calibrated(logits), level: segment.meanLevel)))
  }

  /// The network's logits as what is known of the talker changes them.
  private func calibrated(_ logits: Logits) -> Logits {
    let rest = bias?.removed(from: logits) ?? logits
    return baseline.segments > 0 ? tables.knownTalkerGain.applied(to: rest) : rest
  }
}
