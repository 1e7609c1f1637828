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
    // A sample is below the mean if it is below the least integer that is not: the mean rounded up,
    // which is between the samples' extremes. So 16 bits suffice, and eight are compared at once.
    let scale = Int32(truncatingIfNeeded: count)
    let quotient = sum / scale
    let mean = Int16(truncatingIfNeeded: quotient &* scale < sum ? quotient &+ 1 : quotient)
    let next = samples + 1
    var crossings: Int16 = 0
    for index in 0..<count &- 1 {
      let wasBelow: Int16 = samples[index] < mean ? 1 : 0
      let isBelow: Int16 = next[index] < mean ? 1 : 0
      crossings &+= wasBelow ^ isBelow
    }
    return Int32(
      truncatingIfNeeded: roundedQuotient(Int64(crossings) &<< 16, Int64(scale &- 1)))
  }
}
