import FixedPoint

/// Converts a sound card's samples to 16 kHz.
///
/// A polyphase filter: output n lies at n · rate/16000 input samples, between the phases of one
/// low-pass filter (pass 0–7 kHz ± 0.1 dB, stop from 9 kHz on by 60 dB; at 48 kHz 96 taps).
/// Coefficients are Q15, each phase sums to exactly one, and an output is rounded once. Samples
/// before the first are taken as zero; the delay is 1 ms. At 16 kHz samples pass unchanged.
///
/// Nothing depends on how the samples are split into calls. No input can trap, and no call
/// allocates.
public struct Resampler: ~Copyable {
  /// The output sample rate.
  public static let outputRate = 16000
  /// Input samples that are processed at a time.
  static let blockSize = 1024

  /// The input sample rate.
  public let rate: Int
  /// Number of phases between two neighbouring input samples, and the step in phases from one
  /// output to the next.
  let phases: Int
  let step: Int
  /// Taps per phase.
  let taps: Int
  let coefficients: UnsafeMutablePointer<Int16>
  let history: UnsafeMutablePointer<Int16>
  let output: UnsafeMutablePointer<Int16>
  var prepared: Bool
  /// Samples in `history`, the first of which the next output needs.
  var filled: Int
  var phase: Int

  /// Takes samples from the front of `samples` and returns the 16 kHz samples that they complete,
  /// valid until the next call; nil when none are left:
  ///
  ///     var rest = samples
  ///     while let converted = resampler.next(&rest) { … }
  public mutating func next(
    _ samples: inout UnsafeBufferPointer<Int16>
  ) -> UnsafeBufferPointer<Int16>? {
    guard samples.count > 0, let base = samples.baseAddress else { return nil }
    if rate == Resampler.outputRate {
      defer { samples = UnsafeBufferPointer(start: nil, count: 0) }
      return samples
    }
    let count = min(samples.count, Resampler.blockSize)
    (history + filled).copy(from: base, count: count)
    filled &+= count
    samples = UnsafeBufferPointer(start: base + count, count: samples.count &- count)
    return UnsafeBufferPointer(start: output, count: convert())
  }

  /// Takes all of `samples` and passes the completed 16 kHz samples to `body`, in order.
  public mutating func push(
    _ samples: UnsafeBufferPointer<Int16>, _ body: (UnsafeBufferPointer<Int16>) -> Void
  ) {
    var rest = samples
    while let converted = next(&rest) { body(converted) }
  }

  /// Writes every output whose input samples are available, drops those no longer needed, and
  /// returns the number written.
  private mutating func convert() -> Int {
    var position = 0
    var written = 0
    while position &+ taps <= filled {
      output[written] = filtered(history + position, coefficients + phase &* taps)
      written &+= 1
      phase &+= step
      while phase >= phases {
        phase &-= phases
        position &+= 1
      }
    }
    history.copy(from: history + position, count: filled &- position)
    filled &-= position
    return written
  }

  /// One output: the sum of the products, rounded half up and saturated.
  ///
  /// The two halves are summed separately: the magnitudes of the coefficients add up to less than
  /// two in each half, but not always in both together, so neither 32-bit sum overflows.
  private func filtered(
    _ samples: UnsafePointer<Int16>, _ coefficients: UnsafePointer<Int16>
  ) -> Int16 {
    let half = taps &>> 1
    let sum =
      Int64(product(samples, coefficients, count: half))
      &+ Int64(product(samples + half, coefficients + half, count: half))
    return Int16(clamping: (sum &+ 1 &<< 14) &>> 15)
  }

  @inline(__always)
  private func product(
    _ samples: UnsafePointer<Int16>, _ coefficients: UnsafePointer<Int16>, count: Int
  ) -> Int32 {
    var sum: Int32 = 0
    for index in 0..<count {
      sum &+= Int32(samples[index]) &* Int32(coefficients[index])
    }
    return sum
  }
}
