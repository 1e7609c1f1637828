import Acoustics
import Evaluation
import FixedPoint
import ModelFile
import Recognition

/// Contexts as the device would judge them: each holds the frames from a restart to a decision.
public struct CalibrationContexts: Sendable {
  /// Values in a frame.
  public let width: Int
  /// The frames of each context, one after the other: raw vectors less the talker's baseline, Q16.
  public var contexts: [[Int32]] = []
  /// Where each context stands in its talker's session. A context without a place is all that is
  /// heard of its talker, who is thus unknown and not centred.
  public var places: [ContextPlace] = []
  /// Number of recordings in which speech was detected.
  public var clips = 0

  /// Whether any context follows a remembered segment of its talker.
  public var knowsTalkers: Bool {
    var isKnown = false
    for place in places {
      if place.beginsTalker { isKnown = false }
      if isKnown { return true }
      if place.ending?.isRemembered == true { isKnown = true }
    }
    return false
  }

  /// An empty collection of frames of `width` values.
  public init(width: Int) { self.width = width }
}

/// Where a context stands in its talker's session, for networks that remember talkers.
public struct ContextPlace: Equatable, Sendable {
  /// Whether it is the first context of its talker.
  public var beginsTalker: Bool
  /// Set if a segment ends with it.
  public var ending: Ending?

  /// How a segment ends.
  public struct Ending: Equatable, Sendable {
    /// Whether the segment joins the talker's past.
    public var isRemembered: Bool

    /// An ending.
    public init(isRemembered: Bool) { self.isRemembered = isRemembered }
  }

  /// A place as the fields describe it.
  public init(beginsTalker: Bool, ending: Ending?) {
    self.beginsTalker = beginsTalker
    self.ending = ending
  }

  /// The only context of its talker.
  public static let alone = ContextPlace(
    beginsTalker: true, ending: Ending(isRemembered: false))
}

/// Processes recordings as the device does and keeps every context that its network would judge.
///
/// Uses the same front end, detector, contexts and talker's baseline, so that calibration sees the
/// activations that will occur on the device.
public final class ContextCollector {
  /// What was collected so far.
  public private(set) var collected: CalibrationContexts
  private let listener: Listener<Recorder>
  private let recording: Recording
  private let frontEndMemory: AlignedMemory
  private let corpusMean: AlignedMemory

  private let detector: LoadedDetector?

  /// A collector with the front end and the segmentation of `model`; `detector` has the network
  /// that detects speech, if there is one.
  public init(
    _ model: FloatModel, detector: LoadedDetector? = nil
  ) throws(QuantizationProblem) {
    self.detector = detector
    let width = model.frontEnd.rawCount
    collected = CalibrationContexts(width: width)
    frontEndMemory = AlignedMemory(try model.frontEndSection())
    let frontEnd = try ContextCollector.tables(frontEndMemory)
    corpusMean = AlignedMemory(model.corpusMeanSection)
    let tables = RecognitionTables(
      parameters: model.recognition,
      corpusMean: corpusMean.bytes.baseAddress!.assumingMemoryBound(to: Int32.self),
      classCount: Int32(model.classes.count), detector: detector?.network)
    let recording = Recording(width: width)
    self.recording = recording
    listener = Listener(tables, frontEnd: frontEnd) { _ in
      Recorder(recording: recording, classCount: model.classes.count)
    }
  }

  static func tables(
    _ memory: AlignedMemory
  ) throws(QuantizationProblem) -> FrontEndTables {
    do throws(FrontEndTables.Problem) {
      return try FrontEndTables(memory.bytes)
    } catch {
      throw .refused(.frontEnd(error))
    }
  }

  /// Another talker speaks from here on.
  public func restart() { listener.restart() }

  /// Processes the next recording of the same talker, 16 000 samples per second.
  public func hear(_ samples: [Int16]) {
    let before = recording.contexts.count
    listener.hear(samples) { _ in }
    if recording.contexts.count > before { collected.clips += 1 }
    collected.contexts = recording.contexts
    collected.places = recording.places
  }
}

/// Accumulates a recorder's frames.
private final class Recording {
  let width: Int
  var contexts: [[Int32]] = []
  var places: [ContextPlace] = []
  var current: [Int32] = []
  var isTalkerNew = true

  init(width: Int) { self.width = width }

  func endContext() {
    contexts.append(current)
    places.append(ContextPlace(beginsTalker: isTalkerNew, ending: nil))
    current = []
    isTalkerNew = false
  }

  func endSegment(isRemembered: Bool) {
    places[places.count - 1].ending = .init(isRemembered: isRemembered)
  }
}

/// A classifier that judges nothing and records the contexts it is given.
private struct Recorder: Classifier {
  let recording: Recording
  let classCount: Int

  mutating func restart() { recording.current = [] }

  mutating func endContext(frames: Int32) { recording.endContext() }

  mutating func endSegment(isRemembered: Bool) { recording.endSegment(isRemembered: isRemembered) }

  mutating func forgetTalker() { recording.isTalkerNew = true }

  mutating func push(_ frame: UnsafePointer<Int32>) {
    recording.current.append(contentsOf: UnsafeBufferPointer(start: frame, count: recording.width))
  }

  mutating func decide(into logits: UnsafeMutablePointer<Int32>) {
    logits.update(repeating: 0, count: classCount)
  }
}
