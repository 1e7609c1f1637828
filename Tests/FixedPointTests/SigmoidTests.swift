import FixedPoint
import Foundation
import Testing

@Suite struct SigmoidTests {
  @Test func theCubicIsWithinItsErrorForEveryInput() {
    var (centered, logistic, tangent) = (0.0, 0.0, 0.0)
    for code in Int16.min...Int16.max {
      let x = Double(code) / 2048
      let wanted = 1 / (1 + exp(-x))
      centered = max(centered, abs(Double(Sigmoid.centered(code)) - 65536 * (wanted - 0.5)))
      logistic = max(logistic, abs(Double(Sigmoid.logistic(code)) - 32768 * wanted))
      let argument = Double(Int16(clamping: 2 * Int32(code))) / 4096
      tangent = max(tangent, abs(Double(Sigmoid.tanh(code)) - 32768 * Foundation.tanh(argument)))
    }
    print("σ − ½: \(centered) of Q0.16, σ: \(logistic) of Q0.15, tanh: \(tangent) of Q0.15")
    #expect(centered <= 3.1)
    #expect(logistic <= 2.1)
    #expect(tangent <= 3.1)
  }

  @Test func tanhIsOddAndBothAreWhatTheyMustBeAtZeroAndFarOut() {
    for code in 0...Int16.max {
      #expect(Sigmoid.centered(-code) == -Sigmoid.centered(code))
    }
    #expect(Sigmoid.centered(0) == 0)
    #expect(Sigmoid.logistic(0) == 16384)
    #expect(Sigmoid.centered(.max) == 32767 && Sigmoid.centered(.min) == -32767)
    #expect(Sigmoid.logistic(.max) == 32767 && Sigmoid.logistic(.min) == 1)
    #expect(Sigmoid.tanh(.max) == 32767 && Sigmoid.tanh(.min) == -32767)
  }

  /// The vector forms of this routine have 16-bit registers.
  @Test func noIntermediateValueLeavesSixteenBits() {
    let coefficients = Sigmoid.coefficients
    for segment in 0..<16 {
      for step in 0..<2048 {
        let fraction = Int32(step << 4)
        var sum = Int32(coefficients[48 + segment])
        for power in [32, 16] {
          sum = Int32(coefficients[power + segment]) + (sum * fraction + 0x4000) >> 15
          #expect(Int16(exactly: sum) != nil)
        }
      }
    }
  }
}
