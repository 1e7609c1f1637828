extension SectionKind {
  /// The kinds that every model file has, in the order of a file.
  public static let needed: [SectionKind] = [
    .frontEnd, .features, .recognition, .corpusMean, .operators, .tensors, .weights, .labels, .card,
    .knownFrames, .knownLogits,
  ]

  /// The kinds of a network that detects speech, in the order of a file.
  public static let ofDetector: [SectionKind] = [
    .detector, .detectorFeatures, .detectorOperators, .detectorTensors, .detectorWeights,
    .detectorKnownFrames, .detectorKnownLogits,
  ]

  /// The section's name in sentences.
  public var words: String {
    switch self {
    case .frontEnd: "front-end section"
    case .features: "features section"
    case .recognition: "recognition section"
    case .corpusMean: "corpus-mean section"
    case .operators: "operators section"
    case .tensors: "tensors section"
    case .weights: "weights section"
    case .labels: "labels section"
    case .card: "model-card section"
    case .knownFrames: "known-frames section"
    case .knownLogits: "known-logits section"
    case .detector: "detector section"
    case .detectorFeatures: "detector's features section"
    case .detectorOperators: "detector's operators section"
    case .detectorTensors: "detector's tensors section"
    case .detectorWeights: "detector's weights section"
    case .detectorKnownFrames: "detector's known-frames section"
    case .detectorKnownLogits: "detector's known-logits section"
    case .talkerBias: "talker's bias section"
    case .knownTalkerGain: "known-talker gain section"
    }
  }
}
