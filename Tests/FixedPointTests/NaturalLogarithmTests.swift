import Foundation
import Testing

@testable import FixedPoint

@Suite struct NaturalLogarithmTests {
  /// Three steps of Q16: two of interpolation, one of rounding.
  private let tolerance = 3.0 / 65536

  @Test func isWithinThreeStepsEverywhere() {
    var generator = SystemRandomNumberGenerator()
    for bits in 1...64 {
      for _ in 0..<200 {
        let value = UInt64.random(in: (1 << (bits - 1))...(.max >> (64 - bits)), using: &generator)
        let result = Double(naturalLogarithm(of: value)) / 65536
        #expect(abs(result - log(Double(value))) <= tolerance, "ln \(value)")
      }
    }
  }

  @Test(arguments: [-2000, -57, -1, 1, 63, 2000] as [Int32])
  func addsTheExponent(exponent: Int32) {
    let result = Double(naturalLogarithm(of: 12345, exponent: exponent)) / 65536
    #expect(abs(result - log(12345) - Double(exponent) * log(2)) <= tolerance)
  }

  @Test func neverFalls() {
    var last = Int32.min
    for value in (1...100_000 as ClosedRange<UInt64>) {
      let result = naturalLogarithm(of: value)
      #expect(result >= last)
      last = result
    }
  }

  @Test func takesZeroForOne() {
    #expect(naturalLogarithm(of: 0) == 0)
    #expect(naturalLogarithm(of: 0, exponent: -4) == naturalLogarithm(of: 1, exponent: -4))
  }
}
