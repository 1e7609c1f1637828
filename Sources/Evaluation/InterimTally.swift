/// The accuracy of interim decisions, by how long the segment had been open.
///
/// Beyond a model's context they judge only the current context. Later rows cover fewer segments,
/// those that lasted as long.
public struct InterimTally: Sendable {
  /// The decisions at one time.
  public struct Row: Equatable, Sendable {
    /// Frames from the segment's first to the decision.
    public let frames: Int64
    /// Confidence and correctness of the decisions.
    public let confidences: ConfidenceTally
  }

  private let minimumConfidence: Int
  private var counted: [Int64: ConfidenceTally] = [:]

  /// An empty tally; decisions below `minimumConfidence`, in ten-thousandths, are `unknown` to
  /// clients.
  public init(minimumConfidence: Int) {
    self.minimumConfidence = minimumConfidence
  }

  /// Counts an interim decision on a recording that is labelled `actual`.
  public mutating func add(_ interim: AssessedInterim, actual: Int) {
    counted[interim.frames, default: ConfidenceTally(minimumConfidence: minimumConfidence)]
      .add(confidence: interim.confidence, isRight: interim.predicted == actual)
  }

  /// All rows, the earliest first.
  public var rows: [Row] {
    counted.map { Row(frames: $0, confidences: $1) }.sorted { $0.frames < $1.frames }
  }
}
