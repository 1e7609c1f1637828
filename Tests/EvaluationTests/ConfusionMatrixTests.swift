import Testing

@testable import Evaluation

@Suite struct ConfusionMatrixTests {
  private var matrix: ConfusionMatrix {
    var matrix = ConfusionMatrix(labels: ["angry", "sad", "fear"])
    for _ in 0..<8 { matrix.add(actual: 0, predicted: 0) }
    for _ in 0..<2 { matrix.add(actual: 0, predicted: 1) }
    matrix.add(actual: 1, predicted: 1)
    matrix.add(actual: 1, predicted: nil)
    return matrix
  }

  @Test func silenceCountsAsWrong() {
    #expect(matrix.total == 12)
    #expect(matrix.accuracy == 9.0 / 12)
    #expect(matrix.recall(1) == 0.5)
  }

  @Test func averageRecallLeavesOutLabelsThatDoNotOccur() {
    #expect(abs(matrix.unweightedAverageRecall - (0.8 + 0.5) / 2) < 1e-12)
    #expect(ConfusionMatrix(labels: ["angry"]).unweightedAverageRecall == 0)
  }

  @Test func precisionAndF1FollowTheirDefinitions() {
    #expect(matrix.precision(1) == 1.0 / 3)
    #expect(abs(matrix.f1(1)! - 2 * (1.0 / 3) * 0.5 / (1.0 / 3 + 0.5)) < 1e-12)
  }

  @Test func whatNeverOccursHasNoFigures() {
    #expect(matrix.recall(2) == nil)
    #expect(matrix.precision(2) == nil)
    #expect(matrix.f1(2) == nil)
  }

  @Test func whatIsNeverPredictedHasNoPrecisionAndAnF1OfZero() {
    var matrix = ConfusionMatrix(labels: ["angry", "sad"])
    matrix.add(actual: 0, predicted: 1)
    #expect(matrix.recall(0) == 0)
    #expect(matrix.precision(0) == nil)
    #expect(matrix.f1(0) == 0)
  }

  @Test func aWrongPredictionGivesAPrecisionOfZero() {
    var matrix = ConfusionMatrix(labels: ["angry", "sad"])
    matrix.add(actual: 0, predicted: 1)
    #expect(matrix.precision(1) == 0)
    #expect(matrix.recall(1) == nil)
  }
}
