/// What interim decisions are worth, by how long the segment had been open.
///
/// Beyond a model's context they judge the part at hand only. Later rows are of fewer segments, of
/// those that lasted as long.
public struct InterimTally: Sendable {
  /// The decisions of one time.
  public struct Row: Equatable, Sendable {
    /// Frames from the segment's first one to the decision.
    public let frames: Int64
    /// How sure the decisions were, and how right.
    public let confidences: ConfidenceTally
  }

  private let minimumConfidence: Int
  private var counted: [Int64: ConfidenceTally] = [:]

  /// Nothing counted yet; less sure decisions than `minimumConfidence`, in ten-thousandths, are
  /// `unknown` to clients.
  public init(minimumConfidence: Int) {
    self.minimumConfidence = minimumConfidence
  }

  /// Counts an interim decision on a recording that is labelled `actual`.
  public mutating func add(_ interim: AssessedInterim, actual: Int) {
    counted[interim.frames, default: ConfidenceTally(minimumConfidence: minimumConfidence)]
      .add(confidence: interim.confidence, isRight: interim.predicted == actual)
  }

  /// All that was counted, the earliest first.
  public var rows: [Row] {
    counted.map { Row(frames: $0, confidences: $1) }.sorted { $0.frames < $1.frames }
  }
}
