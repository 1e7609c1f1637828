import FixedPoint

/// How loud a frame is: the natural logarithm of its mean square about its mean, in LSB², Q16.
///
/// About the mean, because a microphone's direct current is not sound. The least is ln 1/12, the power of the rounding to
/// int16 itself; a full-scale square wave gives 20.79.
struct Level {
  private let count: Int
  /// 2 ln count, Q16.
  private let twiceLogarithmOfCount: Int32
  /// ln 1/12, Q16.
  private static let floor: Int32 = -162_851

  init(count: Int) {
    self.count = count
    twiceLogarithmOfCount = 2 * naturalLogarithm(of: UInt64(count))
  }

  /// The level of `count` samples. Exact up to the logarithm: count² · 2³⁰ < 2⁵³.
  func logarithm(of samples: UnsafePointer<Int16>) -> Int32 {
    var sum: Int64 = 0
    var squares: Int64 = 0
    for index in 0..<count {
      let sample = Int32(samples[index])
      sum &+= Int64(sample)
      squares &+= Int64(sample &* sample)
    }
    let variance = Int64(count) &* squares &- sum &* sum
    let logarithm = naturalLogarithm(of: UInt64(truncatingIfNeeded: variance))
    return max(logarithm &- twiceLogarithmOfCount, Level.floor)
  }
}
