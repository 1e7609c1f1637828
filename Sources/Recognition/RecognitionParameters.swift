/// How a stream is divided into segments and contexts, as stored in the model file.
///
/// Segmentation is part of the model: a network judges well only what is segmented like its
/// training data, so these numbers travel with the weights. The record's layout in the file is the
/// one here: 17 little-endian Int32.
public struct RecognitionParameters: BitwiseCopyable, Equatable, Sendable {
  /// Frames after which the network's state and pools restart within a segment.
  public var contextFrames: Int32
  /// Frames between interim decisions, counted from the segment's start.
  public var interimFrames: Int32
  /// Frames kept from before the first speech frame.
  public var prerollFrames: Int32
  /// Frames without speech after which a segment ends; they belong to it.
  public var hangoverFrames: Int32
  /// How many past segments of the talker the baseline averages; 0 switches it off.
  public var baselineSegments: Int32
  /// Weight of the corpus mean in the baseline, in segments.
  public var baselinePrior: Int32
  /// Least speech frames in a segment for it to enter the baseline.
  public var baselineSpeechFrames: Int32
  /// Frames without speech after which the talker is assumed to have left and the baseline is
  /// reset.
  public var sessionGapFrames: Int32
  /// The speech detector and its thresholds.
  public var detector: EnergyDetector.Parameters

  /// The values that the default model is trained with; docs/NUMERICS.md explains them.
  public static let standard = RecognitionParameters(
    contextFrames: 400, interimFrames: 50, prerollFrames: 20, hangoverFrames: 30,
    baselineSegments: 20, baselinePrior: 2, baselineSpeechFrames: 30, sessionGapFrames: 3000,
    detector: .standard)

  /// All fields of a non-standard record.
  public init(
    contextFrames: Int32, interimFrames: Int32, prerollFrames: Int32, hangoverFrames: Int32,
    baselineSegments: Int32, baselinePrior: Int32, baselineSpeechFrames: Int32,
    sessionGapFrames: Int32, detector: EnergyDetector.Parameters
  ) {
    self.contextFrames = contextFrames
    self.interimFrames = interimFrames
    self.prerollFrames = prerollFrames
    self.hangoverFrames = hangoverFrames
    self.baselineSegments = baselineSegments
    self.baselinePrior = baselinePrior
    self.baselineSpeechFrames = baselineSpeechFrames
    self.sessionGapFrames = sessionGapFrames
    self.detector = detector
  }
}
