import Testing

@testable import Affect

@Suite struct EvidenceTests {
  /// The implicit Euler step of `τ·x' = s − x`, in double precision.
  private func reference(_ share: Double, steps: [Int], timeConstant: Double) -> Double {
    steps.reduce(0) { value, step in
      value + (share - value) * Double(step) / (Double(step) + timeConstant)
    }
  }

  private func judgement(_ segment: Int, _ start: Int, _ end: Int, angry: Int) -> Judgement {
    Judgement(
      result(segment, start, end, angry: angry), labels: threeClasses, minimumConfidence: 0)
  }

  @Test func followsItsDefinition() {
    var evidence = Evidence(timeConstantMs: 3_000)
    let steps = [500, 500, 130, 20, 700]
    var end = 0
    for step in steps {
      end += step
      _ = evidence.add(judgement(1, 0, end, angry: 8_000))
    }
    let expected = reference(8_000, steps: steps, timeConstant: 3_000)
    #expect(abs(Double(evidence[.angry]) - expected) < 1)
  }

  @Test func isTheSameHoweverOftenResultsCome() {
    func evidence(step: Int) -> Int {
      var evidence = Evidence(timeConstantMs: 3_000)
      for end in stride(from: step, through: 6_000, by: step) {
        _ = evidence.add(judgement(1, 0, end, angry: 9_000))
      }
      return evidence[.angry]
    }
    // The exponential itself gives 9000·(1 − e⁻²) = 7782; the steps approach it from below.
    #expect(abs(evidence(step: 100) - 7_782) < 50)
    #expect(abs(evidence(step: 500) - 7_782) < 250)
  }

  @Test func overlappingResultsCountTheirNewSpeechOnly() {
    var evidence = Evidence(timeConstantMs: 3_000)
    _ = evidence.add(judgement(1, 0, 2_000, angry: 10_000))
    let before = evidence[.angry]
    #expect(evidence.add(judgement(1, 0, 2_000, angry: 10_000)) == 2_000)
    #expect(evidence[.angry] == before, "a final that ends where the last interim did adds nothing")
    #expect(evidence.add(judgement(2, 2_500, 3_000, angry: 10_000)) == 2_500)
    #expect(evidence[.angry] > before)
  }

  @Test func neverLeavesTheRangeOfTheScores() {
    var evidence = Evidence(timeConstantMs: 1)
    for segment in 0..<1_000 {
      let angry = segment % 2 == 0 ? 10_000 : 0
      _ = evidence.add(judgement(segment, segment * 1_000, segment * 1_000 + 999, angry: angry))
      #expect((0...10_000).contains(evidence[.angry]))
      #expect((0...10_000).contains(evidence[.neutral]))
    }
  }
}
