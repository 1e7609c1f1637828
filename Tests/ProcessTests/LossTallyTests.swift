import Testing

@testable import edged

@Suite struct LossTallyTests {
  @Test func theFirstLossIsToldAtOnceAndThoseAfterItTogether() {
    var tally = LossTally()
    #expect(tally.take(nowMs: 0) == nil)
    tally.add(nanoseconds: 20_000_000)
    #expect(tally.take(nowMs: 0) == 20)
    for _ in 0..<5 { tally.add(nanoseconds: 10_000_000) }
    #expect(tally.take(nowMs: 999) == nil)
    #expect(tally.take(nowMs: 1000) == 50)
    #expect(tally.take(nowMs: 5000) == nil)
  }

  @Test func partsOfMillisecondsAddUp() {
    var tally = LossTally()
    var told = 0
    for second in 0..<10 {
      tally.add(nanoseconds: 1_900_000)
      told += tally.take(nowMs: second * 1000) ?? 0
    }
    #expect(told == 19)
  }

  @Test func theLastSumDoesNotWait() {
    var tally = LossTally()
    tally.add(nanoseconds: 1_000_000)
    _ = tally.take(nowMs: 0)
    tally.add(nanoseconds: 400_000)
    #expect(tally.take(nowMs: 1, isLast: true) == 0)
    #expect(tally.take(nowMs: 2, isLast: true) == nil)
  }
}
