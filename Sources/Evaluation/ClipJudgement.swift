import FixedPoint
import Recognition

/// A model's result for one recording: the mean of its segments' final logits, weighted by their
/// frames, and the interim decisions.
public struct ClipJudgement {
  /// Segments that the detector opened; without any there are no logits.
  public private(set) var segments = 0
  /// Interim decisions, in order.
  public private(set) var interims: [Interim] = []
  private var segmentStart: Int64 = 0
  private var sums = [Int64](repeating: 0, count: Logits.maximumCount)
  private var frames: Int64 = 0

  /// The model's decision on an unfinished segment.
  public struct Interim {
    /// Frames from the segment's first to the decision.
    public let frames: Int64
    /// Of the last context, as in `Decision`.
    public let logits: Logits
  }

  /// An empty judgement.
  public init() {}

  /// Adds an event of the recognizer.
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

  /// The weighted mean, or nil if no speech was found.
  public var logits: Logits? {
    guard frames > 0 else { return nil }
    var mean = Logits()
    for index in sums.indices {
      mean.values[index] = Int32(roundedQuotient(sums[index], frames))
    }
    return mean
  }
}
