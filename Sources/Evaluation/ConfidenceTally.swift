/// Whether a model is right as often as it is sure.
///
/// Confidences are the scores of the labels that are named, ten-thousandths, as the daemon publishes
/// them.
public struct ConfidenceTally: Equatable, Sendable {
  /// Decisions of about the same confidence.
  private struct Bin: Equatable {
    var right = 0
    var confidence = 0
  }

  private static let certainty = 10_000
  private static let bins = 10

  private let minimumConfidence: Int
  private var counted = [Bin](repeating: Bin(), count: bins)
  /// Decisions counted.
  public private(set) var decisions = 0
  /// Those whose label was the right one.
  public private(set) var right = 0
  /// Those sure enough for the daemon to name a label; it calls the others `unknown`.
  public private(set) var said = 0
  /// Those of the said that were right.
  public private(set) var rightOfSaid = 0

  /// Nothing counted yet; from `minimumConfidence` on, ten-thousandths, a label is said.
  public init(minimumConfidence: Int) {
    self.minimumConfidence = minimumConfidence
  }

  /// Counts a decision, made with a confidence of 0 … 10 000.
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

  /// Expected calibration error, 0 … 1: how far confidence and accuracy differ in ten bins of
  /// confidence, each weighted by its decisions; nil without decisions.
  ///
  /// Naeini, Cooper, Hauskrecht: Obtaining Well Calibrated Probabilities Using Bayesian Binning,
  /// AAAI 2015.
  public var calibrationError: Double? {
    guard decisions > 0 else { return nil }
    let distance = counted.reduce(0) { $0 + abs($1.confidence - $1.right * Self.certainty) }
    return Double(distance) / Double(Self.certainty) / Double(decisions)
  }
}
