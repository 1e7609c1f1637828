import Evaluation
import Testing

@Suite struct ConfidenceTallyTests {
  private func tally(_ decisions: [(Int, Bool)], minimum: Int = 4_000) -> ConfidenceTally {
    var tally = ConfidenceTally(minimumConfidence: minimum)
    for (confidence, isRight) in decisions { tally.add(confidence: confidence, isRight: isRight) }
    return tally
  }

  @Test func beingAsOftenRightAsSureIsNoError() {
    let half = tally([(5_000, true), (5_000, false), (10_000, true), (0, false)])
    #expect(half.calibrationError == 0)
  }

  @Test func errorsOfOneBinCancelAndThoseOfTwoDoNot() {
    #expect(tally([(5_200, true), (5_800, false)]).calibrationError == 0.05)
    #expect(tally([(5_200, true), (6_800, false)]).calibrationError == 0.58)
  }

  @Test func confidencesAtABinsEdgeBelongToTheUpperOne() {
    // Together they would cancel to 0.0002.
    let error = tally([(5_999, true), (6_000, false)]).calibrationError!
    #expect(abs(error - 0.50005) < 1e-12)
  }

  @Test func whatIsSaidBeginsAtTheThreshold() {
    let counts = tally([(3_999, true), (4_000, true), (7_000, false)])
    #expect((counts.decisions, counts.right) == (3, 2))
    #expect((counts.said, counts.rightOfSaid) == (2, 1))
  }

  @Test func nothingIsNotCalibrated() {
    #expect(tally([]).calibrationError == nil)
  }
}
