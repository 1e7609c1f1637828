/// The kinds of sections of an `.edge` file.
public enum SectionKind: UInt32, Sendable {
  /// The front end's definition and tables: `FrontEndTables`.
  case frontEnd = 1
  /// From log-mel bands to int8 features: `FeatureTables`.
  case features = 2
  /// One `RecognitionParameters` record.
  case recognition = 3
  /// The corpus mean of the raw vector, Q16: one int32 for each raw value of the front end.
  case corpusMean = 4
  /// `Operator` records, in order of execution.
  case operators = 5
  /// `Tensor` records, one more than operators.
  case tensors = 6
  /// The operators' parameter blocks.
  case weights = 7
  /// `ClassLabel` records, in the order of the logits.
  case labels = 8
  /// The model card: one JSON object.
  case card = 9
  /// Frames of the known answer: raw vectors less a baseline, int32 Q16.
  case knownFrames = 10
  /// Logits of the known answer: one int32 for each class.
  case knownLogits = 11
  /// One `NetworkDetector.Parameters` record. This section and the six after it exist if a network
  /// detects speech.
  case detector = 12
  /// From mel bands to the detector's int8 features: `FeatureTables`.
  case detectorFeatures = 13
  /// The detector's `Operator` records.
  case detectorOperators = 14
  /// Its `Tensor` records.
  case detectorTensors = 15
  /// Its parameter blocks.
  case detectorWeights = 16
  /// Frames of its known answer: mel bands and level, int32 Q16.
  case detectorKnownFrames = 17
  /// Logits of its known answer: noise, speech.
  case detectorKnownLogits = 18
  /// The talker's bias, if it is subtracted from the logits: `TalkerBiasTables`.
  case talkerBias = 19
  /// What logits are multiplied by once the talker is known, if anything: one int32, Q16.
  case knownTalkerGain = 20
}
