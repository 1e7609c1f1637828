import FixedPoint

/// How often a frame crosses its own mean; a microphone's DC offset would hide crossings of zero.
struct ZeroCrossings {
  private let count: Int

  init(count: Int) {
    self.count = count
  }

  /// Crossings per pair of neighbouring samples, Q16.
  func rate(of samples: UnsafePointer<Int16>) -> Int32 {
    var sum: Int32 = 0
    for index in 0..<count { sum &+= Int32(samples[index]) }
    let scale = Int32(truncatingIfNeeded: count)
    var crossings: Int32 = 0
    for index in 1..<count {
      let wasBelow = Int32(samples[index &- 1]) &* scale < sum
      let isBelow = Int32(samples[index]) &* scale < sum
      crossings &+= isBelow != wasBelow ? 1 : 0
    }
    return Int32(
      truncatingIfNeeded: roundedQuotient(Int64(crossings) &<< 16, Int64(scale &- 1)))
  }
}
