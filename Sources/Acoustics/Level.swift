import FixedPoint

#if canImport(CIntrinsics)
  import CIntrinsics
#endif

/// How loud a frame is: the natural logarithm of its mean square about its mean, in LSB², Q16.
///
/// About the mean, because a microphone's DC offset is not sound. The minimum is ln 1/12, the power
/// of rounding to int16; a full-scale square wave gives 20.79.
struct Level {
  private let count: Int
  /// 2 ln count, Q16.
  private let twiceLogarithmOfCount: Int32
  /// ln 1/12, Q16.
  private static let floor: Int32 = -162_851
  private let variant: FrontEndVariant

  init(count: Int, variant: FrontEndVariant) {
    self.count = count
    self.variant = variant
    twiceLogarithmOfCount = 2 * naturalLogarithm(of: UInt64(count))
  }

  /// The level of samples with this `variance`.
  func logarithm(ofVariance variance: UInt64) -> Int32 {
    max(naturalLogarithm(of: variance) &- twiceLogarithmOfCount, Level.floor)
  }

  /// `count`² times the mean square of `count` samples about their mean, exactly: count² · 2³⁰ <
  /// 2⁵³.
  func variance(of samples: UnsafePointer<Int16>) -> UInt64 {
    var sum: Int64 = 0
    var squares: Int64 = 0
    var done = 0
    switch variant {
    #if canImport(CIntrinsics) && arch(x86_64)
      case .avx2: done = edged_moments_avx2(samples, count, &sum, &squares)
      case .avx512: done = edged_moments_avx512(samples, count, &sum, &squares)
    #elseif canImport(CIntrinsics) && arch(arm64)
      case .neon: done = edged_moments_neon(samples, count, &sum, &squares)
    #endif
    default: break
    }
    for index in done..<count {
      let sample = Int32(samples[index])
      sum &+= Int64(sample)
      squares &+= Int64(sample &* sample)
    }
    return UInt64(truncatingIfNeeded: Int64(count) &* squares &- sum &* sum)
  }
}
