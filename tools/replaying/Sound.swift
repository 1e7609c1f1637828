/// Samples to hear.
enum Sound {
  /// Fills `samples` with silence, full scale, clicks, tones of two frequencies and noise of any
  /// loudness, in pieces, and gives them.
  static func fill(
    _ samples: UnsafeMutablePointer<Int16>, _ count: Int, seed: UInt64
  ) -> UnsafeBufferPointer<Int16> {
    var random = RandomBits(state: seed)
    var filled = 0
    while filled < count {
      let end = min(count, filled + random.integer(16, 2000))
      let (kind, loudness) = (random.integer(0, 6), 1 << random.integer(0, 15))
      let periods = (random.integer(4, 60), random.integer(20, 200))
      for index in filled..<end {
        switch kind {
        case 0: samples[index] = 0
        case 1: samples[index] = random.next() & 1 == 0 ? .min : .max
        case 2: samples[index] = random.next() % 64 == 0 ? .min : 0
        case 3, 4:
          let (one, other) = (index % periods.0 * 2 - periods.0, index % periods.1 * 2 - periods.1)
          samples[index] = Int16(
            clamping: loudness * one / (2 * periods.0) + loudness * other / (2 * periods.1))
        default: samples[index] = Int16(clamping: random.integer(-loudness, loudness))
        }
      }
      filled = end
    }
    return UnsafeBufferPointer(start: samples, count: count)
  }
}
