/// The score of each emotion, in ten-thousandths that sum to exactly 10 000.
///
/// Integers, because a published score must be the same to the last digit on every machine, and
/// because four decimals that were rounded one by one seldom sum to 1.
public struct LabelScores: Equatable, Sendable {
  /// One emotion and its score.
  public struct Entry: Equatable, Sendable {
    /// The word.
    public let emotion: Emotion
    /// Its share, in ten-thousandths.
    public let score: Int
  }

  /// The score that stands for 1.
  public static let one = 10_000

  /// The emotions the model can name, in the vocabulary's order.
  public let entries: [Entry]

  /// Scores in the given order.
  public init(_ entries: [(Emotion, Int)]) {
    self.entries = entries.map { Entry(emotion: $0.0, score: $0.1) }
  }

  /// The score of `emotion`; 0 when the model cannot name it.
  public subscript(emotion: Emotion) -> Int {
    entries.first { $0.emotion == emotion }?.score ?? 0
  }

  /// The strongest emotion; of ties, the first in the vocabulary.
  public var best: Entry {
    entries.reduce(entries[0]) { $1.score > $0.score ? $1 : $0 }
  }
}
