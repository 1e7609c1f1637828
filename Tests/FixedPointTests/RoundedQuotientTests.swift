import Testing

@testable import FixedPoint

@Suite struct RoundedQuotientTests {
  /// The definition without division: the q with 2·q·d − d ≤ 2·n < 2·q·d + d.
  @Test func isTheNearestIntegerWithHalvesUp() {
    for denominator in Int64(1)...17 {
      for numerator in Int64(-200)...200 {
        let quotient = roundedQuotient(numerator, denominator)
        #expect(2 * quotient * denominator - denominator <= 2 * numerator)
        #expect(2 * numerator < 2 * quotient * denominator + denominator)
      }
    }
  }

  @Test func holdsAtTheEndsOfItsRange() {
    #expect(roundedQuotient((1 << 62) - 1, 1) == (1 << 62) - 1)
    #expect(roundedQuotient(-(1 << 62) + 1, 1) == -(1 << 62) + 1)
    #expect(roundedQuotient(-1, 1 << 61) == 0)
  }
}
