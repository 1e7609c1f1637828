/// What interim decisions are worth, by how long the segment had been open.
///
/// Beyond a model's context they judge the part at hand only. Later rows are of fewer segments, of
/// those that lasted as long.
public struct InterimTally: Sendable {
  /// The decisions of one time.
  public struct Row: Equatable, Sendable {
    /// Frames from the segment's first one to the decision.
    public let frames: Int64
    /// Decisions counted.
    public internal(set) var decisions = 0
    /// Those whose label was the right one.
    public internal(set) var right = 0
    /// Those that were sure enough to be said.
    public internal(set) var said = 0
    /// Those of the said that were right.
    public internal(set) var rightOfSaid = 0
  }

  private let minimumConfidence: Int
  private var counted: [Int64: Row] = [:]

  /// Nothing counted yet; less sure decisions than `minimumConfidence`, in ten-thousandths, are
  /// `unknown` to clients.
  public init(minimumConfidence: Int) {
    self.minimumConfidence = minimumConfidence
  }

  /// Counts an interim decision on a recording that is labelled `actual`.
  public mutating func add(_ interim: AssessedInterim, actual: Int) {
    let isRight = interim.predicted == actual ? 1 : 0
    let isSaid = interim.confidence >= minimumConfidence ? 1 : 0
    var row = counted[interim.frames] ?? Row(frames: interim.frames)
    row.decisions += 1
    row.right += isRight
    row.said += isSaid
    row.rightOfSaid += isRight * isSaid
    counted[interim.frames] = row
  }

  /// All that was counted, the earliest first.
  public var rows: [Row] { counted.values.sorted { $0.frames < $1.frames } }
}
