import FixedPoint

extension Resampler {
  /// Why a rate cannot be converted.
  public enum Problem: Error, Equatable, Sendable {
    /// Outside 8000…192 000 Hz.
    case outOfRange(Int)
    /// The ratio to 16 000 Hz is so odd that the filter would need more than 640 phases.
    case tooManyPhases(rate: Int, phases: Int)
  }

  /// A resampler from `rate` samples per second, with its buffers and coefficients from `arena`.
  ///
  /// Reserves memory without writing to it: call `restart()` before the first sample. All rates of
  /// common sound cards work: 8, 11.025, 16, 22.05, 24, 32, 44.1, 48, 88.2, 96, 176.4 and 192 kHz.
  public init(rate: Int, arena: inout Arena) throws(Problem) {
    guard (8000...192_000).contains(rate) else { throw .outOfRange(rate) }
    let divisor = greatestCommonDivisor(rate, Resampler.outputRate)
    let phases = Resampler.outputRate / divisor
    guard phases <= 640 else { throw .tooManyPhases(rate: rate, phases: phases) }
    self.rate = rate
    self.phases = phases
    step = rate / divisor
    taps = 2 * LowPass.reach(rate: rate)
    coefficients = arena.take(Int16.self, count: phases * taps)
    history = arena.take(Int16.self, count: taps + step / phases + 1 + Resampler.blockSize)
    output = arena.take(Int16.self, count: Resampler.blockSize * phases / step + 2)
    prepared = false
    filled = 0
    phase = 0
  }

  /// Forgets all samples, as at the start of a stream. Must be called once before the first sample;
  /// the first call also computes the coefficients.
  public mutating func restart() {
    if !prepared {
      for phase in 0..<phases { prepare(phase: phase) }
      prepared = true
    }
    phase = 0
    filled = taps / 2 - 1
    for index in 0..<filled { history[index] = 0 }
  }

  /// Rounds one phase's coefficients to Q15 so that they sum to exactly one: all phases have the
  /// same gain.
  private func prepare(phase: Int) {
    let row = coefficients + phase * taps
    let before = taps / 2 - 1
    var total: Int64 = 0
    for tap in 0..<taps { total += response(phase: phase, tap: tap - before) }
    var rest: Int64 = 1 << 15
    for tap in 0..<taps {
      let scaled = response(phase: phase, tap: tap - before) << 15
      row[tap] = Int16(clamping: roundedQuotient(scaled, total))
      rest -= Int64(row[tap])
    }
    // The rounding remainder goes to the centre tap, and what does not fit there to its neighbour.
    let centre = Int64(row[before]) + rest
    row[before] = Int16(clamping: centre)
    row[before + 1] += Int16(centre - Int64(row[before]))
  }

  /// The filter's response at `tap` input samples from the last one before the output.
  private func response(phase: Int, tap: Int) -> Int64 {
    let distance = tap * phases - phase
    return LowPass.value(
      numerator: (distance < 0 ? -distance : distance) * LowPass.ticksPerSecond,
      denominator: phases * max(rate, Resampler.outputRate))
  }
}

private func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int {
  b == 0 ? a : greatestCommonDivisor(b, a % b)
}
