import Recognition

/// The classes of a model, and the labels that they are published as.
public struct ModelLabels: Equatable, Sendable {
  /// The model's own names, in the order of the logits.
  public let classes: [String]
  /// The distinct labels, in the order of the first class of each.
  public let labels: [String]
  /// For each class, its index in `labels`.
  public let labelOfClass: [Int]

  /// Classes and, for each, its label.
  public init(_ classes: [(name: String, label: String)]) {
    self.classes = classes.map(\.name)
    var labels: [String] = []
    labelOfClass = classes.map { item in
      if let known = labels.firstIndex(of: item.label) { return known }
      labels.append(item.label)
      return labels.count - 1
    }
    self.labels = labels
  }

  /// The scores of the labels in ten-thousandths, summed over the classes of each.
  public func scores(_ logits: Logits) -> [Int] {
    let classScores = Scores(logits, classCount: classes.count)
    var scores = [Int](repeating: 0, count: labels.count)
    for (index, label) in labelOfClass.enumerated() {
      scores[label] += Int(classScores.values[index])
    }
    return scores
  }

  /// The same model with each class as a label of its own.
  public var unmerged: ModelLabels { ModelLabels(classes.map { ($0, $0) }) }
}
