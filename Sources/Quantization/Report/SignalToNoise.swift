import Glibc

/// Accumulates the energy of a signal and of its error.
struct SignalToNoise {
  private var signal = 0.0
  private var noise = 0.0

  /// Adds an exact value and its approximation.
  mutating func add(_ expected: Double, _ found: Double) {
    signal += expected * expected
    noise += (expected - found) * (expected - found)
  }

  /// Adds all that `other` has seen.
  mutating func add(_ other: SignalToNoise) {
    signal += other.signal
    noise += other.noise
  }

  /// 10·log10 of the ratio of energies, at most 200, so that equality has a finite value.
  var decibels: Double {
    guard noise > 0 else { return 200 }
    guard signal > 0 else { return 0 }
    return min(10 * log10(signal / noise), 200)
  }
}
