import FixedPoint

/// Normalizes a frame to 30 bits and weighs it with the window.
///
/// The whole frame is shifted left as far as its largest sample allows, so that a whisper and a shout leave the transform
/// with the same relative error. |sample| · 2^shift ≤ 2²⁹ leaves the transform's sums of two, √2 for the
/// complex plane included, below 2³¹.
struct Window {
  private let weights: UnsafePointer<Int32>
  private let count: Int
  private let padded: Int

  init(_ tables: FrontEndTables) {
    weights = tables.window
    count = Int(tables.definition.frame)
    padded = Int(tables.definition.fft)
  }

  /// Writes the windowed frame, even samples as real and odd as imaginary parts, zeros behind; returns the shift, 14…29.
  func apply(to samples: UnsafePointer<Int16>, into points: ComplexPoints) -> Int32 {
    let shift = headroom(of: samples)
    for index in 0..<(count &>> 1) {
      let even = Int32(samples[2 &* index]) &<< shift
      let odd = Int32(samples[2 &* index &+ 1]) &<< shift
      points.real[index] = multiplyQ31(even, weights[2 &* index])
      points.imaginary[index] = multiplyQ31(odd, weights[2 &* index &+ 1])
    }
    for index in (count &>> 1)..<(padded &>> 1) {
      points.real[index] = 0
      points.imaginary[index] = 0
    }
    return shift
  }

  /// How far every sample can go left and stay within ±2²⁹. (−32768 may: −2¹⁵ · 2¹⁴ = −2²⁹.)
  private func headroom(of samples: UnsafePointer<Int16>) -> Int32 {
    var magnitudes: Int16 = 0
    for index in 0..<count {
      magnitudes |= samples[index] ^ (samples[index] &>> 15)
    }
    return Int32(truncatingIfNeeded: Int32(magnitudes).leadingZeroBitCount) &- 3
  }
}
