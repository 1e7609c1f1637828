/// What the recognizer found in a piece of speech: the model's scores and where they came from.
public struct SegmentResult: Equatable, Sendable {
  /// The segment's number, counted per stream and run.
  public var segment: Int
  /// Where the segment begins, in milliseconds of the stream.
  public var startMs: Int
  /// Up to where it was heard, in milliseconds of the stream.
  public var endMs: Int
  /// How many past segments of this talker the baseline knows.
  public var baseline: Int
  /// One score per class of the model, in ten-thousandths, summing to 10 000.
  public var classScores: [Int]
  /// Whether the segment is over.
  public var isFinal: Bool
  /// The mean level of the speech relative to full scale, in centibels (tenths of a decibel).
  public var levelCentibels: Int
  /// From the frame that caused the result to the result, in milliseconds.
  public var latencyMs: Int

  /// A result; see the properties for units.
  public init(
    segment: Int, startMs: Int, endMs: Int, baseline: Int, classScores: [Int], isFinal: Bool,
    levelCentibels: Int, latencyMs: Int
  ) {
    self.segment = segment
    self.startMs = startMs
    self.endMs = endMs
    self.baseline = baseline
    self.classScores = classScores
    self.isFinal = isFinal
    self.levelCentibels = levelCentibels
    self.latencyMs = latencyMs
  }
}
