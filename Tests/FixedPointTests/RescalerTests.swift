import FixedPoint
import Testing

@Suite struct RescalerTests {
  @Test func equalsTheDefinitionOnPowersOfTwo() throws {
    for exponent in -20...15 {
      let ratio = Double(sign: .plus, exponent: exponent, significand: 1)
      let rescale = try Rescaler(ratio: ratio)
      for accumulator in stride(from: Int32(-60_000), through: 60_000, by: 37) {
        #expect(rescale(accumulator) == Int32((Double(accumulator) * ratio + 0.5).rounded(.down)))
      }
    }
  }

  @Test func agreesWithTheRequantizerWhereThatDoesNotSaturate() throws {
    for ratio in [0.3, 1 / 3.0, 0.0078, 1.7] {
      let rescale = try Rescaler(ratio: ratio)
      let requantize = try Requantizer(ratio: ratio)
      for accumulator in Int32(-70)...70 {
        #expect(rescale(accumulator) == Int32(requantize(accumulator)))
      }
    }
  }

  @Test func keepsExactlyWhatStaysInside() {
    let limit = Int64(1) << 31 - Int64(1) << 15
    let one = Rescaler(mantissa: 1 << 30, shift: 30)
    #expect(one.keeps(limit - 1) && !one.keeps(limit))
    let two = Rescaler(mantissa: 1 << 30, shift: 29)
    #expect(two.keeps(limit / 2 - 1) && !two.keeps(limit / 2))
    let tiny = Rescaler(mantissa: .max, shift: 62)
    #expect(tiny.keeps(Int64(Int32.max)) && !tiny.keeps(Int64(Int32.max) + 1))
    let nothing = Rescaler(mantissa: 0, shift: 62)
    #expect(nothing.keeps(Int64(Int32.max)) && nothing(.max) == 0)
  }

  @Test(arguments: [0, -1, .nan, .infinity]) func refusesWhatIsNotARatio(ratio: Double) {
    #expect(throws: Rescaler.Problem.self) { try Rescaler(ratio: ratio) }
  }

  @Test func refusesARatioOfTwoToTheSixteenAndAnyThatRoundsToIt() throws {
    #expect(throws: Rescaler.Problem.tooLarge(0x1p16)) { try Rescaler(ratio: 0x1p16) }
    #expect(throws: Rescaler.Problem.tooLarge(0x1.ffff_ffff_ffp15)) {
      try Rescaler(ratio: 0x1.ffff_ffff_ffp15)
    }
    let largest = try Rescaler(ratio: 0x1p15)
    #expect(largest.shift == 15)
  }
}
