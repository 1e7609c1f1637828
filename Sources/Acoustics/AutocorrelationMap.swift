import FixedPoint

/// How well a frame repeats itself after each of 48 lags: the pitch stands out as a ridge.
///
/// The cosine transform of the compressed spectrum at lags in equal ratios, so that a melody moves the picture without
/// stretching it; divided by lag 0 and by what the window alone would leave at that lag.
struct AutocorrelationMap {
  private let cosines: UnsafePointer<Int16>
  private let gains: UnsafePointer<Int32>
  private let stride: Int
  private let values: UnsafeMutablePointer<Int32>

  init(_ tables: FrontEndTables, arena: inout Arena) {
    cosines = tables.lagCosines
    gains = tables.lagGains
    stride = VoiceBins(tables.definition).stride
    values = arena.take(Int32.self, count: VoiceFeatures.lagCount)
  }

  /// The map of one frame, in Q24; no value is beyond ±10/3.
  func map(_ spectrum: CompressedSpectrum.Frame) -> UnsafePointer<Int32> {
    let inverse = (1 &<< 47) / Int64(spectrum.sum)
    for lag in 0..<VoiceFeatures.lagCount {
      let sum = product(spectrum.values, cosines + lag &* stride)
      // |sum| ≤ 2¹⁵ · spectrum.sum, so the product stays within 2⁶².
      let ratio = (sum &* inverse) &>> 32
      let value = (ratio &* Int64(gains[lag]) &+ 1 &<< 33) &>> 34
      values[lag] = Int32(truncatingIfNeeded: value)
    }
    return UnsafePointer(values)
  }

  private func product(_ a: UnsafePointer<Int32>, _ b: UnsafePointer<Int16>) -> Int64 {
    var sum: Int64 = 0
    for index in 0..<stride {
      sum &+= Int64(a[index]) &* Int64(b[index])
    }
    return sum
  }
}
