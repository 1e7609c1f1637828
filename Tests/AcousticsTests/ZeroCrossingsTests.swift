import TestSupport
import Testing

@testable import Acoustics

@Suite struct ZeroCrossingsTests {
  /// Crossings of the exact mean per pair of neighbours, Q16, halves up.
  private func rate(_ samples: [Int16]) -> Int32 {
    let sum = samples.reduce(0) { $0 + Int($1) }
    let below = samples.map { Int($0) * samples.count < sum }
    let crossings = zip(below, below.dropFirst()).count { $0 != $1 }
    let pairs = Double(samples.count - 1)
    return Int32((Double(crossings) * 65_536 / pairs + 0.5).rounded(.down))
  }

  private func expectDefinition(_ samples: [Int16]) {
    #expect(ZeroCrossings(count: samples.count).rate(of: samples) == rate(samples))
  }

  @Test func followsTheDefinitionAtAnyLengthAndLevel() {
    var random = SplitMix(seed: 7)
    for _ in 0..<2000 {
      let greatest = 1 << random.integer(0...15) - 1
      let offset = random.integer(-32768 + greatest...32767 - greatest)
      expectDefinition(
        (0..<random.integer(16...2048)).map { _ in
          Int16(offset + random.integer(-greatest...greatest))
        })
    }
  }

  @Test func followsTheDefinitionAtTheExtremes() {
    for count in [16, 17, 400, 2048] {
      for value in [Int16.min, -1, 0, 1, .max] {
        expectDefinition([Int16](repeating: value, count: count))
        // The mean lies a fraction above or below a sample.
        expectDefinition([Int16](repeating: value, count: count - 1) + [0])
        expectDefinition((0..<count).map { $0 % 2 == 0 ? value : 0 })
      }
      expectDefinition((0..<count).map { $0 % 2 == 0 ? .min : .max })
    }
  }
}
