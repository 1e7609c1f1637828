import Testing

@testable import Evaluation

@Suite struct InterimTallyTests {
  private func interim(_ frames: Int64, _ predicted: Int, _ confidence: Int) -> AssessedInterim {
    AssessedInterim(frames: frames, predicted: predicted, confidence: confidence)
  }

  @Test func countsByTimeWhatIsRightAndWhatIsSaid() throws {
    var tally = InterimTally(minimumConfidence: 4_000)
    for decision in [
      interim(100, 1, 9_000), interim(50, 1, 4_000), interim(50, 1, 3_999), interim(50, 0, 5_000),
    ] {
      tally.add(decision, actual: 1)
    }
    try #require(tally.rows.map(\.frames) == [50, 100])
    let (early, late) = (tally.rows[0].confidences, tally.rows[1].confidences)
    #expect((early.decisions, early.right) == (3, 2))
    #expect((early.said, early.rightOfSaid) == (2, 1))
    #expect((late.decisions, late.right, late.said, late.rightOfSaid) == (1, 1, 1, 1))
    #expect(late.calibrationError == 0.1)
  }
}
