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
    let timings = Stopwatch.time(contestants, rounds: 4, slice: .zero)
    #expect(timings.count == 3)
    // Each was first asked alone how many runs fill a slice; none is too short for a slice of nothing.
    #expect(diary.turns == [0, 1, 2] + [0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2])
  }

  @Test func shortRunsAreRepeatedUntilTheyFillTheSlice() {
    var runs = 0
    let contestant = Contestant(prepare: { runs = 0 }, run: { runs += $0 })
    _ = Stopwatch.time([contestant], rounds: 1, slice: .microseconds(100))
    // A run is an addition: nanoseconds.
    #expect(runs >= 100)
  }

  @Test func timeIsThatOfOneRun() throws {
    var own: [Double] = []
    let sleeper = Contestant(
      prepare: {},
      run: { count in
        let start = ContinuousClock.now
        while ContinuousClock.now < start + .milliseconds(3) * count {}
        own.append((ContinuousClock.now - start) / .seconds(count))
      })
    let timing = try #require(
      Stopwatch.time([sleeper], rounds: 5, slice: .milliseconds(10)).first)
    let least = try #require(own.suffix(5).min())
    #expect(least...least * 1.5 ~= timing.least)
  }

  @Test func medianIsTheMiddleOne() {
    #expect(Timing([3, 1, 2]).median == 2)
    #expect(Timing([4, 1, 3, 2]).median == 2.5)
    #expect(Timing([3, 1, 2]).least == 1)
    #expect(Timing([3, 1, 2]).scaled(by: 100).median == 200)
  }
}
