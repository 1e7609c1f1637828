import Testing
import Text

@Suite struct DecimalTests {
  @Test(arguments: [
    (0, 0, "0"), (0.05, 1, "0.1"), (12.345, 2, "12.35"), (2.5, 0, "3"), (-1.25, 1, "-1.3"),
    (1e12, 3, "1000000000000.000"),
  ]) func aNumberIsRoundedToItsPlaces(value: Double, places: Int, expected: String) {
    #expect(decimal(value, places: places) == expected)
  }

  @Test(arguments: [
    (1.0, 0.5, "1.00", "0.50"), (1.0, 0.9996, "1.0000", "0.9996"), (1.0, 0.996, "1.000", "0.996"),
    (2.0, 2.0, "2.00", "2.00"), (1.0, 1.0 - 1e-12, "1.000000000", "1.000000000"),
  ]) func numbersThatDifferLookDifferent(a: Double, b: Double, one: String, other: String) {
    let texts = decimals(a, b, places: 2)
    #expect(texts.0 == one && texts.1 == other, "\(texts)")
  }

  @Test func nothingIsNegativeThatRoundsToNothing() {
    #expect(decimal(-0.04, places: 1) == "0.0")
  }

  @Test(arguments: [Double.infinity, -.infinity, .nan, 1e300, -1e300])
  func whatHasNoDecimalsIsWrittenAsSwiftWritesIt(value: Double) {
    #expect(decimal(value, places: 2) == "\(value)")
  }
}
