import FixedPoint

#if canImport(CIntrinsics)
  import CIntrinsics
#endif

/// How well a frame repeats itself after each of 48 lags: the pitch stands out as a ridge.
///
/// The cosine transform of the compressed spectrum at lags in equal ratios, so that a melody moves
/// the picture without stretching it; divided by lag 0 and by what the window alone would leave at
/// that lag.
struct AutocorrelationMap {
  private let cosines: UnsafePointer<Int16>
  private let gains: UnsafePointer<Int32>
  private let stride: Int
  private let values: UnsafeMutablePointer<Int32>
  private let high: UnsafeMutablePointer<Int16>
  private let low: UnsafeMutablePointer<Int16>
  private let variant: FrontEndVariant

  init(_ tables: FrontEndTables, variant: FrontEndVariant, arena: inout Arena) {
    self.variant = variant
    cosines = tables.lagCosines
    gains = tables.lagGains
    stride = VoiceBins(tables.definition).stride
    values = arena.take(Int32.self, count: VoiceFeatures.lagCount)
    let parts = variant == .portable ? 0 : stride
    high = arena.take(Int16.self, count: parts)
    low = arena.take(Int16.self, count: parts)
  }

  /// The map of one frame, in Q24; no value is beyond ±10/3.
  func map(_ spectrum: CompressedSpectrum.Frame) -> UnsafePointer<Int32> {
    let inverse = (1 &<< 47) / Int64(spectrum.sum)
    split(spectrum.values)
    for lag in 0..<VoiceFeatures.lagCount {
      let sum = product(spectrum.values, cosines + lag &* stride)
      // |sum| ≤ 2¹⁵ · spectrum.sum, so the product stays within 2⁶².
      let ratio = (sum &* inverse) &>> 32
      let value = (ratio &* Int64(gains[lag]) &+ 1 &<< 33) &>> 34
      values[lag] = Int32(truncatingIfNeeded: value)
    }
    return UnsafePointer(values)
  }

  /// Values of up to 2²⁰ in two parts of 16 bits, for instructions that multiply those in pairs.
  private func split(_ values: UnsafePointer<Int32>) {
    switch variant {
    #if canImport(CIntrinsics) && arch(x86_64)
      case .avx2, .avx512: edged_split_avx2(values, stride, high, low)
    #elseif canImport(CIntrinsics) && arch(arm64)
      case .neon: edged_split_neon(values, stride, high, low)
    #endif
    default: break
    }
  }

  @inline(__always)
  private func product(_ a: UnsafePointer<Int32>, _ b: UnsafePointer<Int16>) -> Int64 {
    switch variant {
    #if canImport(CIntrinsics) && arch(x86_64)
      case .avx2, .avx512: return edged_correlation_avx2(b, high, low, stride)
    #elseif canImport(CIntrinsics) && arch(arm64)
      case .neon: return edged_correlation_neon(b, high, low, stride)
    #endif
    default: break
    }
    var sum: Int64 = 0
    for index in 0..<stride {
      sum &+= Int64(a[index]) &* Int64(b[index])
    }
    return sum
  }
}
