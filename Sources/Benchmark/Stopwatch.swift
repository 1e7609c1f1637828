import Glibc

/// Work to be timed.
struct Contestant {
  /// Prepares the work's state; not timed.
  let prepare: () -> Void
  /// Does the work this many times.
  let run: (Int) -> Void
}

/// How long one run of something takes, in seconds.
public struct Timing: Equatable, Sendable {
  /// The median of all rounds.
  public let median: Double
  /// The shortest round: the time on an idle machine.
  public let least: Double

  init(_ seconds: [Double]) {
    let sorted = seconds.sorted()
    let middle = sorted.count / 2
    median = sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    least = sorted[0]
  }

  /// The time of `factor` runs.
  func scaled(by factor: Double) -> Timing {
    Timing(median: median * factor, least: least * factor)
  }

  private init(median: Double, least: Double) {
    self.median = median
    self.least = least
  }
}

/// Times contestants in turns, so that other load on the machine affects all of them alike.
struct Stopwatch {
  /// Elapsed seconds: by default this thread's CPU time, so that time taken by other processes is
  /// not counted.
  var now: () -> Double = Stopwatch.processorTime

  /// One timing per contestant, of `rounds` rounds in which each runs for at least `slice`;
  /// `progress` is called for each round.
  func time(
    _ contestants: [Contestant], rounds: Int, slice: Duration, progress: () -> Void = {}
  ) -> [Timing] {
    let counts = contestants.map { runs(of: $0, in: slice / .seconds(1)) }
    var seconds = contestants.map { _ in [Double]() }
    for _ in 0..<rounds {
      for (index, contestant) in contestants.enumerated() {
        let duration = time(contestant, runs: counts[index])
        seconds[index].append(duration / Double(counts[index]))
      }
      progress()
    }
    return seconds.map(Timing.init)
  }

  /// The number of runs that fill `slice`, found by doubling.
  private func runs(of contestant: Contestant, in slice: Double) -> Int {
    var count = 1
    while count < 1 << 24, time(contestant, runs: count) < slice { count *= 2 }
    return count
  }

  private func time(_ contestant: Contestant, runs: Int) -> Double {
    contestant.prepare()
    let start = now()
    contestant.run(runs)
    return now() - start
  }

  private static func processorTime() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
