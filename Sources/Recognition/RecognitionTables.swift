/// What a recognizer reads of its model, in the model's memory, which outlives it.
public struct RecognitionTables {
  /// How the stream is cut.
  public var parameters: RecognitionParameters
  /// g of the talker's baseline: the corpus mean of the raw vector, Q16, as many as the front end's
  /// raw values.
  public var corpusMean: UnsafePointer<Int32>
  /// What the talker's bias is measured against; nil where the network's logits stay as they are.
  public var bias: TalkerBiasTables?
  /// Classes of the network, 2 … 16.
  public var classCount: Int32
  /// The network that hears speech behind the energy gate; nil where energy alone does.
  public var detector: DetectorTables?

  /// Tables that lie where `corpusMean` points.
  public init(
    parameters: RecognitionParameters, corpusMean: UnsafePointer<Int32>,
    bias: TalkerBiasTables? = nil, classCount: Int32, detector: DetectorTables? = nil
  ) {
    self.parameters = parameters
    self.corpusMean = corpusMean
    self.bias = bias
    self.classCount = classCount
    self.detector = detector
  }
}
