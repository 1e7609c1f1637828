import Testing

@testable import Evaluation

@Suite struct InterimTallyTests {
  private func interim(_ frames: Int64, _ predicted: Int, _ confidence: Int) -> AssessedInterim {
    AssessedInterim(frames: frames, predicted: predicted, confidence: confidence)
  }

  @Test func countsByTimeWhatIsRightAndWhatIsSaid() {
    var tally = InterimTally(minimumConfidence: 4_000)
    for decision in [
      interim(100, 1, 9_000), interim(50, 1, 4_000), interim(50, 1, 3_999), interim(50, 0, 5_000),
    ] {
      tally.add(decision, actual: 1)
    }
    let early = InterimTally.Row(frames: 50, decisions: 3, right: 2, said: 2, rightOfSaid: 1)
    let late = InterimTally.Row(frames: 100, decisions: 1, right: 1, said: 1, rightOfSaid: 1)
    #expect(tally.rows == [early, late])
  }
}
