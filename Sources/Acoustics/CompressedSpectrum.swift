import FixedPoint

/// |X|^0.7 of the bins of the voice range, relative to the strongest.
///
/// The compression flattens the formants, so that harmonics have similar weights and the
/// autocorrelation map reflects the voice's source. Computed as 2^(0.35 · log₂(power + floor)),
/// whose logarithms the flatness needs anyway.
struct CompressedSpectrum {
  /// The compressed spectrum of one frame.
  struct Frame {
    /// Q20 of the largest, `bins.stride` of them, zero after the band.
    let values: UnsafePointer<Int32>
    /// Their sum, in 2²⁰…2³⁰.
    let sum: Int32
    /// Mean logarithm less logarithm of the mean, of power plus floor: Q16, ≤ 0.
    let flatness: Int32
    /// The power that was added to each bin, in the spectrum's units.
    let floor: UInt64
  }

  private let bins: VoiceBins
  private let logarithm: Logarithms
  private let logarithms: UnsafeMutablePointer<Int32>
  private let values: UnsafeMutablePointer<Int32>
  /// log₂ of the square of the transform's points.
  private let scale: Int32
  private let logarithmOfCount: Int32
  /// 0.35 · log₂ e in Q31: from the natural logarithm of power to the binary logarithm of |X|^0.7.
  private static let exponent: Int32 = 1_084_357_403

  init(_ definition: FrontEndDefinition, variant: FrontEndVariant, arena: inout Arena) {
    logarithm = Logarithms(variant: variant)
    bins = VoiceBins(definition)
    logarithms = arena.take(Int32.self, count: bins.count)
    values = arena.take(Int32.self, count: bins.stride)
    scale = 2 * Int32(definition.complexPoints.trailingZeroBitCount)
    logarithmOfCount = naturalLogarithm(of: UInt64(bins.count))
  }

  /// Compresses a power spectrum whose samples were shifted left by `shift`.
  func compress(_ power: UnsafePointer<UInt64>, shift: Int32) -> Frame {
    let floor = UInt64(VoiceFeatures.binFloor) &<< UInt64(2 &* shift &- scale)
    let band = power + bins.first
    var largest = Int32.min
    var sumOfLogarithms: Int64 = 0
    var sumOfPowers: UInt64 = 0
    logarithm.write(
      of: band, adding: floor, exponents: nil, count: bins.count, into: logarithms)
    for index in 0..<bins.count {
      largest = max(largest, logarithms[index])
      sumOfLogarithms &+= Int64(logarithms[index])
      sumOfPowers &+= band[index] &+ floor
    }
    let mean = Int32(truncatingIfNeeded: roundedQuotient(sumOfLogarithms, Int64(bins.count)))
    return Frame(
      values: UnsafePointer(values), sum: exponentiate(largest: largest),
      flatness: mean &- naturalLogarithm(of: sumOfPowers) &+ logarithmOfCount, floor: floor)
  }

  /// Writes the roots from the logarithms, and returns their sum.
  private func exponentiate(largest: Int32) -> Int32 {
    var sum: Int32 = 0
    for index in 0..<bins.count {
      let exponent = multiplyQ31(logarithms[index] &- largest, CompressedSpectrum.exponent)
      let power = Int32(truncatingIfNeeded: PowerOfTwo.smoothQ30(exponent))
      values[index] = (power &+ 1 &<< 9) &>> 10
      sum &+= values[index]
    }
    for index in bins.count..<bins.stride { values[index] = 0 }
    return sum
  }
}
