import Testing

@testable import Recognition

@Suite struct DecisionPaceTests {
  /// A model that decides every half second, at a cost.
  private func pace(_ multiplications: Int, own: Int32 = 50) -> DecisionPace {
    DecisionPace(own: own, sampleRate: 16_000, hop: 160, multiplications: multiplications)
  }

  @Test(arguments: [(100, 10), (99, 10), (10, 10), (200, 10), (250, 25), (499, 25), (500, 50)])
  func whatCostsLittleComesAsOftenAsItIsWanted(milliseconds: Int, frames: Int) {
    #expect(pace(86_592).frames(every: milliseconds) == frames)
  }

  @Test func neverSeldomerThanTheModelItself() {
    for wanted in [500, 501, 60_000] { #expect(pace(0).frames(every: wanted) == 50) }
  }

  @Test func whatCostsMuchComesAsOftenAsItsOwnPace() {
    #expect(pace(2_030_000_000).frames(every: 100) == 50)
    #expect(pace(2_030_000_000, own: 7).frames(every: 100) == 7)
  }

  @Test func noPaceThatIsAskedForCostsMoreThanTheBudget() {
    for own in Int32(1)...60 {
      for exponent in 0..<12 {
        var multiplications = 1
        for _ in 0..<exponent { multiplications *= 10 }
        for wanted in [1, 10, 100, 130, 250, 300, 1000] {
          let frames = pace(multiplications, own: own).frames(every: wanted)
          #expect(Int(own) % frames == 0)
          let aSecond = multiplications * 100 / frames
          #expect(frames == Int(own) || aSecond <= DecisionPace.budget)
          #expect(frames == Int(own) || frames >= 10)
        }
      }
    }
  }
}
