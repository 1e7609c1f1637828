/// How often each label was taken for each other, and the figures that follow from it.
public struct ConfusionMatrix: Equatable, Sendable {
  /// The labels, in the order of rows and columns.
  public let labels: [String]
  /// `counts[actual][predicted]`; one more column counts recordings in which no speech was found.
  public private(set) var counts: [[Int]]

  /// An empty matrix over `labels`, each of which occurs once.
  public init(labels: [String]) {
    self.labels = labels
    counts = Array(repeating: Array(repeating: 0, count: labels.count + 1), count: labels.count)
  }

  /// Counts one recording. `predicted` is nil when no speech was found in it, which counts as
  /// wrong.
  public mutating func add(actual: Int, predicted: Int?) {
    counts[actual][predicted ?? labels.count] += 1
  }

  /// Recordings counted.
  public var total: Int { counts.joined().reduce(0, +) }

  /// Share of recordings whose label was found, 0 … 1.
  public var accuracy: Double {
    ratio(labels.indices.reduce(0) { $0 + counts[$1][$1] }, total)
  }

  /// Unweighted average recall: the mean recall of the labels that occur, 0 … 1. Chance is one over
  /// their number.
  public var unweightedAverageRecall: Double {
    let present = labels.indices.filter { support($0) > 0 }
    guard !present.isEmpty else { return 0 }
    return present.reduce(0) { $0 + recall($1) } / Double(present.count)
  }

  /// Recordings that carry a label.
  public func support(_ label: Int) -> Int { counts[label].reduce(0, +) }

  /// Of those that carry the label, the share that was found.
  public func recall(_ label: Int) -> Double { ratio(counts[label][label], support(label)) }

  /// Of those taken for the label, the share that carry it.
  public func precision(_ label: Int) -> Double {
    ratio(counts[label][label], counts.reduce(0) { $0 + $1[label] })
  }

  /// Harmonic mean of precision and recall; 0 when both are.
  public func f1(_ label: Int) -> Double {
    let sum = precision(label) + recall(label)
    return sum > 0 ? 2 * precision(label) * recall(label) / sum : 0
  }

  private func ratio(_ part: Int, _ whole: Int) -> Double {
    whole > 0 ? Double(part) / Double(whole) : 0
  }
}
