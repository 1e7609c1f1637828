/// What is reported about a piece of speech: the recognizer's result in words, or `unknown`.
///
/// Scores are the model's own for this segment, never smoothed, so that the same audio gives the
/// same bytes however it was heard; what lasts longer than a segment is a `SustainedState`.
public struct Judgement: Equatable, Sendable {
  /// The segment's number, counted per stream and run.
  public var segment: Int
  /// Where the segment begins, in milliseconds of the stream.
  public var startMs: Int
  /// Up to where it was heard, in milliseconds of the stream.
  public var endMs: Int
  /// How many past segments of this talker the baseline knows.
  public var baseline: Int
  /// The strongest emotion, or `unknown` when that was not strong enough.
  public var label: Emotion
  /// The score of the strongest emotion in ten-thousandths, whether or not it was strong enough to
  /// be named.
  public var confidence: Int
  /// The scores of all emotions the model can name.
  public var scores: LabelScores
  /// Whether the segment is over.
  public var isFinal: Bool
  /// The mean level of the speech relative to full scale, in centibels (tenths of a decibel).
  public var levelCentibels: Int
  /// From the frame that caused the result to the result, in milliseconds.
  public var latencyMs: Int

  /// Puts `result` into words, abstaining below `minimumConfidence` (ten-thousandths).
  public init(_ result: SegmentResult, labels: LabelMap, minimumConfidence: Int) {
    segment = result.segment
    startMs = result.startMs
    endMs = result.endMs
    baseline = result.baseline
    scores = labels.scores(of: result.classScores)
    confidence = scores.best.score
    label = confidence >= minimumConfidence ? scores.best.emotion : .unknown
    isFinal = result.isFinal
    levelCentibels = result.levelCentibels
    latencyMs = result.latencyMs
  }
}
