/// The same numbers on every run, so that a failure can be repeated (Marsaglia, 2003).
struct Xorshift: RandomNumberGenerator {
  var state: UInt64 = 0x9e37_79b9_7f4a_7c15

  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state
  }

  /// Normally distributed, by the sum of twelve uniform numbers.
  mutating func normal() -> Double {
    (0..<12).reduce(-6) { sum, _ in sum + Double.random(in: 0..<1, using: &self) }
  }
}
