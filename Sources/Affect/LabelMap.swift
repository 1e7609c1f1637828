/// Which word each class of a model stands for.
///
/// Classes that stand for the same word are summed, so that a model that tells men from women never
/// says which.
public struct LabelMap: Equatable, Sendable {
  /// Why a list of labels cannot be used.
  public enum Problem: Error, Equatable, CustomStringConvertible {
    /// There is no class at all.
    case empty
    /// Class `index` is to be called `name`, which is not in the vocabulary.
    case notInVocabulary(name: String, index: Int)

    /// One sentence: what, where, what to do.
    public var description: String {
      switch self {
      case .empty: "the model has no classes; convert it again"
      case .notInVocabulary(let name, let index):
        "class \(index) of the model maps to “\(name)”, which is not one of "
          + Emotion.named.map(\.rawValue).joined(separator: ", ") + "; correct its `labels`"
      }
    }
  }

  /// The word of each class, in the model's order.
  public let emotions: [Emotion]
  /// The words that occur, in the vocabulary's order.
  public let vocabulary: [Emotion]

  /// A map from class `i` to `labels[i]`.
  public init(labels: [String]) throws(Problem) {
    guard !labels.isEmpty else { throw .empty }
    var emotions: [Emotion] = []
    for (index, name) in labels.enumerated() {
      guard let emotion = Emotion(rawValue: name), emotion != .unknown else {
        throw .notInVocabulary(name: name, index: index)
      }
      emotions.append(emotion)
    }
    self.emotions = emotions
    vocabulary = Emotion.named.filter { emotions.contains($0) }
  }

  /// The scores of the words, from those of the classes: sums, so a total of 10 000 stays 10 000.
  ///
  /// `classScores` has one value per class, in ten-thousandths.
  public func scores(of classScores: some Collection<Int>) -> LabelScores {
    precondition(classScores.count == emotions.count, "one score for each class")
    var sums = [Int](repeating: 0, count: Emotion.allCases.count)
    for (emotion, score) in zip(emotions, classScores) { sums[emotion.index] += score }
    return LabelScores(vocabulary.map { ($0, sums[$0.index]) })
  }
}
