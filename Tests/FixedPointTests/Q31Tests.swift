import Testing

@testable import FixedPoint

@Suite struct Q31Tests {
  /// ⌊a·b / 2³¹ + ½⌋ in wide integers.
  private func reference(_ a: Int32, _ b: Int32) -> Int32 {
    Int32((Int64(a) * Int64(b) + (1 << 30)) >> 31)
  }

  @Test func productsRoundHalfUp() {
    #expect(multiplyQ31(1, 1 << 30) == 1)
    #expect(multiplyQ31(-1, 1 << 30) == 0)
    #expect(multiplyQ31(3, -(1 << 30)) == -1)
    for a in [Int32.min, -1 << 30, -12345, -1, 0, 1, 77, 1 << 30, .max] {
      for b in [-Int32.max, -1 << 30, -3, 0, 1, 1 << 29, .max] {
        #expect(multiplyQ31(a, b) == reference(a, b))
      }
    }
  }

  @Test func timesTheLargestFractionChangesNothingUpToThirtyBits() {
    for a in [-(1 << 30) + 1, -12345, -1, 0, 1, 99, (1 << 30) - 1, 1 << 30] as [Int32] {
      #expect(multiplyQ31(a, .max) == a)
    }
  }

  @Test func halvesRoundUp() {
    #expect([-3, -2, -1, 0, 1, 2, 3].map { halve($0) } == [-1, -1, 0, 0, 1, 1, 2])
  }
}
