import Testing

@testable import Benchmark

@Suite struct StopwatchTests {
  /// Writes down which contestant ran when.
  private final class Diary {
    var turns: [Int] = []
  }

  @Test func contestantsTakeTurns() {
    let diary = Diary()
    let contestants = (0..<3).map { name in
      Contestant(prepare: { diary.turns.append(name) }, run: { _ in })
    }
    let timings = Stopwatch().time(contestants, rounds: 4, slice: .zero)
    #expect(timings.count == 3)
    // Each was first asked alone how many runs fill a slice; none is too short for a slice of
    // nothing.
    #expect(diary.turns == [0, 1, 2] + [0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2])
  }

  @Test func runsAreRepeatedUntilTheyFillTheSlice() {
    var time = 0.0
    var slices: [Int] = []
    let contestant = Contestant(
      prepare: {},
      run: { count in
        time += 0.003 * Double(count)
        slices.append(count)
      })
    let timings = Stopwatch(now: { time }).time(
      [contestant], rounds: 2, slice: .milliseconds(20))
    #expect(slices == [1, 2, 4, 8] + [8, 8])
    #expect(timings.allSatisfy { abs($0.median - 0.003) < 1e-12 })
  }

  @Test func timeOfThisThreadPasses() throws {
    let contestant = Contestant(
      prepare: {},
      run: { count in
        let until = ContinuousClock.now + .milliseconds(1) * count
        while ContinuousClock.now < until {}
      })
    let timing = try #require(
      Stopwatch().time([contestant], rounds: 3, slice: .milliseconds(2)).first)
    // What other processes took of the millisecond is not counted.
    #expect(timing.least > 0.0001 && timing.least < 0.0015)
  }

  @Test func medianIsTheMiddleOne() {
    #expect(Timing([3, 1, 2]).median == 2)
    #expect(Timing([4, 1, 3, 2]).median == 2.5)
    #expect(Timing([3, 1, 2]).least == 1)
    #expect(Timing([3, 1, 2]).scaled(by: 100).median == 200)
  }
}
