import Foundation
import Testing

@testable import FixedPoint

@Suite struct PowerOfTwoTests {
  @Test func staysWithinItsStatedErrorOfTheExactPower() {
    for exponent in stride(from: Int32(-31 << 16), through: 0, by: 7) {
      let exact = pow(2, Double(exponent) / 65_536)
      let error = abs(Double(PowerOfTwo.q30(exponent)) / 0x1p30 - exact)
      #expect(error <= 6e-5 * exact + 0x1p-30, "at \(exponent)")
    }
  }

  @Test func theParabolaStaysWithinItsStatedError() {
    for exponent in stride(from: Int32(-31 << 16), through: 0, by: 7) {
      let exact = pow(2, Double(exponent) / 65_536)
      let error = abs(Double(PowerOfTwo.smoothQ30(exponent)) / 0x1p30 - exact)
      #expect(error <= 2e-7 * exact + 0x1p-29, "at \(exponent)")
    }
    #expect(PowerOfTwo.smoothQ30(0) == 1 << 30)
    #expect(PowerOfTwo.smoothQ30(.min) == 0)
  }

  @Test func isOneAtZeroAndVanishesFarBelow() {
    #expect(PowerOfTwo.q30(0) == 1 << 30)
    #expect(PowerOfTwo.q30(-31 << 16) == 0)
    #expect(PowerOfTwo.q30(.min) == 0)
  }

  @Test func tableIsTheRoundedPower() {
    for step in 0...32 {
      #expect(PowerOfTwo.steps[step] == UInt32((pow(2, Double(step) / 32) * 0x1p30).rounded()))
    }
  }
}
