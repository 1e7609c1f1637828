/// Measures calibration: whether a model is right as often as it is confident.
///
/// A decision's confidence is the highest of its labels' scores, in ten-thousandths, as the daemon
/// publishes it.
public struct ConfidenceTally: Equatable, Sendable {
  /// Decisions of similar confidence.
  private struct Bin: Equatable {
    var right = 0
    var confidence = 0
  }

  private static let certainty = 10_000
  private static let bins = 10

  private let minimumConfidence: Int
  private var counted = [Bin](repeating: Bin(), count: bins)
  /// Number of decisions.
  public private(set) var decisions = 0
  /// Number of correct ones.
  public private(set) var right = 0
  /// Decisions confident enough for the daemon to state a label; it calls the others `unknown`.
  public private(set) var said = 0
  /// Correct ones among those.
  public private(set) var rightOfSaid = 0

  /// An empty tally; labels are stated from `minimumConfidence` on, in ten-thousandths.
  public init(minimumConfidence: Int) {
    self.minimumConfidence = minimumConfidence
  }

  /// Counts a decision with a confidence of 0 … 10 000.
  public mutating func add(confidence: Int, isRight: Bool) {
    let hit = isRight ? 1 : 0
    let bin = min(confidence * Self.bins / Self.certainty, Self.bins - 1)
    counted[bin].right += hit
    counted[bin].confidence += confidence
    decisions += 1
    right += hit
    if confidence >= minimumConfidence {
      said += 1
      rightOfSaid += hit
    }
  }

  /// Expected calibration error, 0 … 1: the absolute difference of confidence and accuracy in ten
  /// bins of confidence, weighted by their decisions; nil without decisions.
  ///
  /// Naeini, Cooper, Hauskrecht: Obtaining Well Calibrated Probabilities Using Bayesian Binning,
  /// AAAI 2015.
  public var calibrationError: Double? {
    guard decisions > 0 else { return nil }
    let distance = counted.reduce(0) { $0 + abs($1.confidence - $1.right * Self.certainty) }
    return Double(distance) / Double(Self.certainty) / Double(decisions)
  }
}
