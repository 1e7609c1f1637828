import FixedPoint

#if canImport(CIntrinsics)
  import CIntrinsics
#endif

/// How well a frame matches itself at each of 48 lags: the pitch stands out as a ridge.
///
/// The cosine transform of the compressed spectrum at logarithmically spaced lags, so that a change
/// of pitch shifts the pattern without stretching it; divided by lag 0 and by the window's own
/// autocorrelation at that lag.
struct AutocorrelationMap {
  private let cosines: UnsafePointer<Int16>
  private let gains: UnsafePointer<Int32>
  private let stride: Int
  private let values: UnsafeMutablePointer<Int32>
  /// The cosine transform at each lag.
  private let sums: UnsafeMutablePointer<Int64>
  private let high: UnsafeMutablePointer<Int16>
  private let low: UnsafeMutablePointer<Int16>
  private let variant: FrontEndVariant

  init(_ tables: FrontEndTables, variant: FrontEndVariant, arena: inout Arena) {
    self.variant = variant
    cosines = tables.lagCosines
    gains = tables.lagGains
    stride = VoiceBins(tables.definition).stride
    values = arena.take(Int32.self, count: VoiceFeatures.lagCount)
    sums = arena.take(Int64.self, count: VoiceFeatures.lagCount)
    let parts = variant == .portable ? 0 : stride
    high = arena.take(Int16.self, count: parts)
    low = arena.take(Int16.self, count: parts)
  }

  /// The map of one frame, in Q24; no value exceeds ±10/3.
  func map(_ spectrum: CompressedSpectrum.Frame) -> UnsafePointer<Int32> {
    let inverse = (1 &<< 47) / Int64(spectrum.sum)
    split(spectrum.values)
    transform(spectrum.values)
    for lag in 0..<VoiceFeatures.lagCount {
      // |sum| ≤ 2¹⁵ · spectrum.sum, so the product stays within 2⁶².
      let ratio = (sums[lag] &* inverse) &>> 32
      let value = (ratio &* Int64(gains[lag]) &+ 1 &<< 33) &>> 34
      values[lag] = Int32(truncatingIfNeeded: value)
    }
    return UnsafePointer(values)
  }

  /// Splits values of up to 2²⁰ into two parts of 16 bits, for instructions that multiply those in
  /// pairs.
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

  /// Writes the sums of the products with each lag's cosines.
  private func transform(_ values: UnsafePointer<Int32>) {
    switch variant {
    #if canImport(CIntrinsics) && arch(x86_64)
      case .avx2, .avx512:
        for lag in 0..<VoiceFeatures.lagCount {
          sums[lag] = edged_correlation_avx2(cosines + lag &* stride, high, low, stride)
        }
        return
    #elseif canImport(CIntrinsics) && arch(arm64)
      case .neon:
        edged_correlations_neon(cosines, high, low, VoiceFeatures.lagCount, stride, sums)
        return
    #endif
    default: break
    }
    for lag in 0..<VoiceFeatures.lagCount {
      let row = cosines + lag &* stride
      var sum: Int64 = 0
      for index in 0..<stride {
        sum &+= Int64(values[index]) &* Int64(row[index])
      }
      sums[lag] = sum
    }
  }
}
