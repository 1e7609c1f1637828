extension SectionKind {
  /// All kinds, in the order of a file.
  public static let all: [SectionKind] = [
    .frontEnd, .features, .recognition, .corpusMean, .operators, .tensors, .weights, .labels, .card,
    .knownFrames, .knownLogits,
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
    }
  }
}
