/// A confusion matrix of labels, and the figures that follow from it.
public struct ConfusionMatrix: Equatable, Sendable {
  /// The labels, in the order of rows and columns.
  public let labels: [String]
  /// `counts[actual][predicted]`; an additional column counts recordings in which no speech was
  /// found.
  public private(set) var counts: [[Int]]

  /// An empty matrix over `labels`, which must be distinct.
  public init(labels: [String]) {
    self.labels = labels
    counts = Array(repeating: Array(repeating: 0, count: labels.count + 1), count: labels.count)
  }

  /// Counts one recording. `predicted` is nil if no speech was found in it, which counts as wrong.
  public mutating func add(actual: Int, predicted: Int?) {
    counts[actual][predicted ?? labels.count] += 1
  }

  /// Number of recordings.
  public var total: Int { counts.joined().reduce(0, +) }

  /// Share of correctly labelled recordings, 0 … 1; 0 if there are none.
  public var accuracy: Double {
    ratio(labels.indices.reduce(0) { $0 + counts[$1][$1] }, total) ?? 0
  }

  /// Unweighted average recall: the mean recall of the labels that occur, 0 … 1. Chance level is
  /// one over their number.
  public var unweightedAverageRecall: Double {
    let present = labels.indices.compactMap { recall($0) }
    return present.isEmpty ? 0 : present.reduce(0, +) / Double(present.count)
  }

  /// Number of recordings with a label.
  public func support(_ label: Int) -> Int { counts[label].reduce(0, +) }

  /// Recall of a label: the share of its recordings that were found; nil if there are none.
  public func recall(_ label: Int) -> Double? { ratio(counts[label][label], support(label)) }

  /// Precision of a label: the share of its predictions that are correct; nil if there are none.
  public func precision(_ label: Int) -> Double? {
    ratio(counts[label][label], predictions(label))
  }

  /// Twice the recordings found over all recordings and predictions of the label (the harmonic mean
  /// of precision and recall); nil if the label has no recordings.
  public func f1(_ label: Int) -> Double? {
    guard support(label) > 0 else { return nil }
    return ratio(2 * counts[label][label], support(label) + predictions(label))
  }

  private func predictions(_ label: Int) -> Int { counts.reduce(0) { $0 + $1[label] } }

  private func ratio(_ part: Int, _ whole: Int) -> Double? {
    whole > 0 ? Double(part) / Double(whole) : nil
  }
}
