import Testing

@testable import FixedPoint

@Suite struct RoundedDivisionTests {
  /// The definition without division, in 128 bits: the q with 2·q·d − d ≤ 2·n·2^bits < 2·q·d + d.
  private func isNearest(
    _ quotient: Int64, _ numerator: Int64, _ bits: Int64, _ denominator: Int64
  ) -> Bool {
    let middle = 2 * Int128(quotient) * Int128(denominator)
    let doubled = 2 * Int128(numerator) << Int128(bits)
    return middle - Int128(denominator) <= doubled && doubled < middle + Int128(denominator)
  }

  @Test func isTheNearestIntegerWithHalvesUp() {
    for denominator in Int64(1)...17 {
      let divide = RoundedDivision(by: denominator)
      for numerator in Int64(-200)...200 {
        for bits in Int64(0)...3 {
          #expect(
            isNearest(divide(numerator, shiftedBy: bits), numerator, bits, denominator))
        }
      }
    }
  }

  @Test func holdsForPoolingsOfEveryLength() {
    for _ in 0..<200_000 {
      // As attention pools: up to 2²² rows of weights below 2³², codes of eight bits, Q16.
      let denominator = Int64.random(in: 1...(Int64(1) << Int64.random(in: 0...54)))
      let numerator = Int64.random(in: -128 * denominator...128 * denominator)
      let quotient = RoundedDivision(by: denominator)(numerator, shiftedBy: 16)
      guard isNearest(quotient, numerator, 16, denominator) else {
        Issue.record("\(numerator) · 2^16 / \(denominator) is not \(quotient)")
        return
      }
    }
  }

  @Test func isExactNextToHalves() {
    let power = Int64(1) << 54
    for denominator: Int64 in [power, power - 1, 3 << 50, 1_000_003, 2] {
      let divide = RoundedDivision(by: denominator)
      for whole: Int64 in [-127, -1, 0, 1, 63, 126] {
        for distance in Int64(-2)...2 {
          let numerator = whole * denominator + denominator / 2 + distance
          #expect(isNearest(divide(numerator, shiftedBy: 0), numerator, 0, denominator))
          #expect(isNearest(divide(numerator, shiftedBy: 16), numerator, 16, denominator))
        }
      }
    }
  }
}
