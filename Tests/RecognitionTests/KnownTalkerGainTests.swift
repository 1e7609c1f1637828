import Testing

@testable import Recognition

@Suite struct KnownTalkerGainTests {
  private func logits(_ values: Int32...) -> Logits {
    var logits = Logits()
    for (index, value) in values.enumerated() { logits.values[index] = value }
    return logits
  }

  private func applied(_ factor: Int32, to logits: Logits) -> [Int32] {
    let scaled = KnownTalkerGain(factor: factor).applied(to: logits)
    return (0..<Logits.maximumCount).map { scaled.values[$0] }
  }

  @Test func multipliesEveryLogitAndRoundsOnce() {
    let given = logits(0, 1 << 16, -3 << 16, 5, -5, 65_537)
    #expect(applied(1 << 16, to: given).prefix(6) == [0, 1 << 16, -3 << 16, 5, -5, 65_537])
    // A half: 2.5 and 32 768.5 are rounded up, −2.5 to −2.
    #expect(applied(1 << 15, to: given).prefix(6) == [0, 1 << 15, -3 << 15, 3, -2, 32_769])
    #expect(applied(3 << 16, to: given).prefix(6) == [0, 3 << 16, -9 << 16, 15, -15, 196_611])
    #expect(applied(3 << 16, to: given).dropFirst(6).allSatisfy { $0 == 0 })
  }

  @Test func saturatesInsteadOfWrapping() {
    let given = logits(.max, .min, 1 << 30, -1 << 29)
    let most = KnownTalkerGain.factors.upperBound
    #expect(applied(most, to: given).prefix(4) == [.max, .min, .max, -1 << 31])
    let least = KnownTalkerGain.factors.lowerBound
    #expect(applied(least, to: given).prefix(4) == [1 << 29, -1 << 29, 1 << 28, -1 << 27])
  }
}
