import FixedPoint
import Recognition

/// What a model makes of one recording: the mean of its segments' final logits, weighted by their
/// frames; and what it made of them while they lasted.
public struct ClipJudgement {
  /// Segments that the detector opened; with none there are no logits.
  public private(set) var segments = 0
  /// Interim decisions, in order.
  public private(set) var interims: [Interim] = []
  private var segmentStart: Int64 = 0
  private var sums = [Int64](repeating: 0, count: Logits.maximumCount)
  private var frames: Int64 = 0

  /// What the model made of a segment that was not over.
  public struct Interim {
    /// Frames from the segment's first one to the decision.
    public let frames: Int64
    /// Of the last context, as in `Decision`.
    public let logits: Logits
  }

  /// A judgement on nothing.
  public init() {}

  /// Adds what the recognizer said.
  public mutating func add(_ event: RecognitionEvent) {
    switch event {
    case .speechStart(_, let start, _): segmentStart = start
    case .decision(let decision) where decision.isFinal: add(final: decision)
    case .decision(let decision):
      interims.append(Interim(frames: decision.end - segmentStart, logits: decision.logits))
    case .speechEnd: break
    }
  }

  private mutating func add(final decision: Decision) {
    let weight = decision.end - decision.start
    segments += 1
    frames += weight
    for index in sums.indices { sums[index] += Int64(decision.logits.values[index]) * weight }
  }

  /// The weighted mean, or nil when no speech was found.
  public var logits: Logits? {
    guard frames > 0 else { return nil }
    var mean = Logits()
    for index in sums.indices {
      mean.values[index] = Int32(roundedQuotient(sums[index], frames))
    }
    return mean
  }
}
