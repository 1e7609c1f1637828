import FixedPoint

#if canImport(CIntrinsics)
  import CIntrinsics
#endif

/// Normalizes a frame to 30 bits and applies the window.
///
/// The whole frame is shifted left as far as its largest sample allows, so that a whisper and a
/// shout leave the transform with the same relative error. |sample| · 2^shift ≤ 2²⁹ keeps the
/// transform's sums of two below 2³¹, including √2 for the complex plane.
struct Window {
  private let weights: UnsafePointer<Int32>
  private let count: Int
  private let padded: Int
  private let variant: FrontEndVariant

  init(_ tables: FrontEndTables, variant: FrontEndVariant) {
    self.variant = variant
    weights = tables.window
    count = Int(tables.definition.frame)
    padded = Int(tables.definition.fft)
  }

  /// Writes the windowed frame with even samples as real and odd as imaginary parts, zero-padded at
  /// the end; returns the shift, 14…29.
  func apply(to samples: UnsafePointer<Int16>, into points: ComplexPoints) -> Int32 {
    let shift = Int32(truncatingIfNeeded: magnitudes(of: samples).leadingZeroBitCount) &- 3
    weigh(samples, shift: shift, into: points)
    for index in (count &>> 1)..<(padded &>> 1) {
      points.real[index] = 0
      points.imaginary[index] = 0
    }
    return shift
  }

  private func weigh(_ samples: UnsafePointer<Int16>, shift: Int32, into points: ComplexPoints) {
    switch variant {
    #if canImport(CIntrinsics) && arch(x86_64)
      case .avx2:
        edged_window_avx2(samples, weights, count, shift, points.real, points.imaginary)
        return
      case .avx512:
        edged_window_avx512(samples, weights, count, shift, points.real, points.imaginary)
        return
    #elseif canImport(CIntrinsics) && arch(arm64)
      case .neon:
        edged_window_neon(samples, weights, count, shift, points.real, points.imaginary)
        return
    #endif
    default: break
    }
    for index in 0..<(count &>> 1) {
      let even = Int32(samples[2 &* index]) &<< shift
      let odd = Int32(samples[2 &* index &+ 1]) &<< shift
      points.real[index] = multiplyQ31(even, weights[2 &* index])
      points.imaginary[index] = multiplyQ31(odd, weights[2 &* index &+ 1])
    }
  }

  /// The union of the samples' bits, negative ones inverted: with 17 or more leading zeros, every
  /// sample can be shifted left by three less and stay within ±2²⁹. (−32768 too: −2¹⁵ · 2¹⁴ =
  /// −2²⁹.)
  private func magnitudes(of samples: UnsafePointer<Int16>) -> Int32 {
    switch variant {
    #if canImport(CIntrinsics) && arch(x86_64)
      case .avx2: return edged_magnitudes_avx2(samples, count)
      case .avx512: return edged_magnitudes_avx512(samples, count)
    #elseif canImport(CIntrinsics) && arch(arm64)
      case .neon: return edged_magnitudes_neon(samples, count)
    #endif
    default: break
    }
    var magnitudes: Int16 = 0
    for index in 0..<count {
      magnitudes |= samples[index] ^ (samples[index] &>> 15)
    }
    return Int32(magnitudes)
  }
}
