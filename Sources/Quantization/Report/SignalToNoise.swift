import Glibc

/// Adds up a signal and what was lost of it.
struct SignalToNoise {
  private var signal = 0.0
  private var noise = 0.0

  /// Takes a value as it should be and as it came out.
  mutating func add(_ expected: Double, _ found: Double) {
    signal += expected * expected
    noise += (expected - found) * (expected - found)
  }

  /// Takes all that `other` was given.
  mutating func add(_ other: SignalToNoise) {
    signal += other.signal
    noise += other.noise
  }

  /// 10·log10 of the ratio of energies; at most 200, so that equality has a number.
  var decibels: Double {
    guard noise > 0 else { return 200 }
    guard signal > 0 else { return 0 }
    return min(10 * log10(signal / noise), 200)
  }
}
