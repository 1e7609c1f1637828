import Recognition

/// The classes of a model, and the labels that they are published as.
public struct ModelLabels: Equatable, Sendable {
  /// The model's own names, in the order of the logits.
  public let classes: [String]
  /// The distinct labels, in the order in which the classes first mean them.
  public let labels: [String]
  /// For each class, which of `labels` it means.
  public let labelOfClass: [Int]

  /// Classes and, for each, the label it means.
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

  /// The scores of the labels in ten-thousandths, those of classes that mean the same one summed.
  public func scores(_ logits: Logits) -> [Int] {
    let classScores = Scores(logits, classCount: classes.count)
    var scores = [Int](repeating: 0, count: labels.count)
    for (index, label) in labelOfClass.enumerated() {
      scores[label] += Int(classScores.values[index])
    }
    return scores
  }

  /// The same model with every class a label of its own.
  public var unmerged: ModelLabels { ModelLabels(classes.map { ($0, $0) }) }
}
