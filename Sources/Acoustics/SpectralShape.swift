import FixedPoint

/// How the power of a frame is distributed: its centroid, and the ratio of high to low frequencies.
struct SpectralShape {
  private let bins: VoiceBins
  private let count: Int
  private let sampleRate: Int64
  private let fft: Int64

  init(_ definition: FrontEndDefinition) {
    bins = VoiceBins(definition)
    count = definition.complexPoints + 1
    sampleRate = Int64(definition.sampleRate)
    fft = Int64(definition.fft)
  }

  /// Σ f·P / (Σ P + 1000 floors) in kHz, Q16: near 0 in silence.
  ///
  /// By Parseval's theorem no sum of a frame's powers reaches 2⁶¹.
  func centroid(of power: UnsafePointer<UInt64>, floor: UInt64) -> Int32 {
    var total = 1000 &* floor
    for bin in 0..<count { total &+= power[bin] }
    let excess = UInt64(truncatingIfNeeded: max(0, 32 &- total.leadingZeroBitCount))
    var moment: UInt64 = 0
    for bin in 1..<count {
      moment &+= (power[bin] &>> excess) &* UInt64(truncatingIfNeeded: bin)
    }
    let mean = Int64(truncatingIfNeeded: (moment &<< 20) / (total &>> excess))
    return Int32(truncatingIfNeeded: roundedQuotient(mean &* sampleRate, 16000 &* fft))
  }

  /// ln(power in 1–5 kHz) − ln(power in 61–1000 Hz), with 100 floors added to each: Q16.
  func slope(of power: UnsafePointer<UInt64>, floor: UInt64) -> Int32 {
    var low = 100 &* floor
    var high = 100 &* floor
    for bin in bins.first..<bins.middle { low &+= power[bin] }
    for bin in bins.middle..<bins.end { high &+= power[bin] }
    return naturalLogarithm(of: high) &- naturalLogarithm(of: low)
  }
}
