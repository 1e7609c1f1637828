/// The tables that a recognizer reads from its model, in the model's memory, which must outlive it.
public struct RecognitionTables {
  /// How the stream is segmented.
  public var parameters: RecognitionParameters
  /// g of the talker's baseline: the corpus mean of the raw vector, Q16, one value for each of the
  /// front end's raw values.
  public var corpusMean: UnsafePointer<Int32>
  /// The statistics for the talker's bias; nil if logits are not corrected.
  public var bias: TalkerBiasTables?
  /// What the logits of known talkers are multiplied by.
  public var knownTalkerGain: KnownTalkerGain
  /// Classes of the network, 2 … 16.
  public var classCount: Int32
  /// The network that detects speech behind the energy gate; nil if energy alone does.
  public var detector: DetectorTables?

  /// Tables with the corpus mean at `corpusMean`.
  public init(
    parameters: RecognitionParameters, corpusMean: UnsafePointer<Int32>,
    bias: TalkerBiasTables? = nil, knownTalkerGain: KnownTalkerGain = .one, classCount: Int32,
    detector: DetectorTables? = nil
  ) {
    self.parameters = parameters
    self.corpusMean = corpusMean
    self.bias = bias
    self.knownTalkerGain = knownTalkerGain
    self.classCount = classCount
    self.detector = detector
  }
}
