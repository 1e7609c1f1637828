import FixedPoint
import Recognition

/// What a model makes of one recording: the mean of its segments' final logits, weighted by their
/// frames.
public struct ClipJudgement {
  /// Segments that the detector opened; with none there are no logits.
  public private(set) var segments = 0
  private var sums = [Int64](repeating: 0, count: Logits.maximumCount)
  private var frames: Int64 = 0

  /// A judgement on nothing.
  public init() {}

  /// Adds what the recognizer said; all but final decisions is passed over.
  public mutating func add(_ event: RecognitionEvent) {
    guard case .decision(let decision) = event, decision.isFinal else { return }
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
