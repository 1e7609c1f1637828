import Foundation
import Testing

@testable import Recognition

@Suite struct ScoresTests {
  private func scores(_ logits: [Int32]) -> [Int32] {
    let scores = Scores(Logits(logits, count: logits.count), classCount: logits.count)
    return logits.indices.map { scores.values[$0] }
  }

  @Test func sumsToExactlyTenThousandAndFollowsSoftmax() {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<2000 {
      let count = Int.random(in: 2...16, using: &generator)
      let logits = (0..<count).map { _ in Int32.random(in: -600_000...600_000, using: &generator) }
      let found = scores(logits)
      #expect(found.reduce(0, +) == 10_000)
      let odds = logits.map { pow(2, Double($0) / 65_536) }
      let sum = odds.reduce(0, +)
      for (score, odd) in zip(found, odds) {
        #expect(abs(Double(score) - 10_000 * odd / sum) <= 1.5, "\(logits)")
      }
    }
  }

  @Test func whatRemainsGoesToTheFirstOfEquals() {
    #expect(scores([5, 5, 5]) == [3334, 3333, 3333])
  }

  @Test func extremesNeitherTrapNorLoseTheSum() {
    #expect(scores([.min, .max]) == [0, 10_000])
    #expect(scores([.min, .min]) == [5000, 5000])
  }
}
