/// Sound to measure with, as int16 at the front end's rate, played in a loop.
final class Samples {
  private let memory: UnsafeMutableBufferPointer<Int16>
  private var position = 0

  /// The given samples (at least a second), or a voice-like buzz if there are none: the speed of
  /// fixed-point arithmetic hardly depends on the data.
  init(_ samples: [Int16]?, rate: Int) {
    let samples = samples ?? Samples.buzz(count: 4 * rate, rate: rate)
    memory = .allocate(capacity: samples.count)
    _ = memory.initialize(from: samples)
  }

  deinit { memory.deallocate() }

  /// Rewinds to the first sample.
  func rewind() { position = 0 }

  /// The next `count` samples; from the first on if fewer are left.
  func next(_ count: Int) -> UnsafeBufferPointer<Int16> {
    if position + count > memory.count { position = 0 }
    defer { position += count }
    return UnsafeBufferPointer(rebasing: memory[position..<position + count])
  }

  /// A sawtooth at 120 Hz that swells twice a second, over noise 40 dB below.
  private static func buzz(count: Int, rate: Int) -> [Int16] {
    let period = rate / 120
    var noise: UInt32 = 1
    return (0..<count).map { index in
      noise = noise &* 1_664_525 &+ 1_013_904_223
      let swell = abs(index % (rate / 2) - rate / 4)
      let tooth = (2 * (index % period) - period) * 8000 / period
      return Int16(tooth * swell / (rate / 4) + Int(noise >> 25) - 64)
    }
  }
}
