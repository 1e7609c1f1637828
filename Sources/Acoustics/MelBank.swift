import FixedPoint

/// The natural logarithms of the energies under the mel triangles.
///
/// Each band shifts its own bins to 32 bits: one shift for the whole frame would lose the quiet bands, 13 to 60 dB of them. A sum
/// of at most 2¹¹ products of 32 and 16 bits fits in 64. The floor is what the rounding of the microphone's own int16
/// samples puts into a band, so digital silence is no outlier.
struct MelBank {
  private let bands: UnsafePointer<MelBand>
  private let weights: UnsafePointer<UInt16>
  private let count: Int
  /// Undoes the weights' Q15 and the transform's scale.
  private let exponent: Int32

  init(_ tables: FrontEndTables) {
    bands = tables.melBands
    weights = tables.weights
    count = Int(tables.definition.bands)
    exponent = 2 * Int32(tables.definition.complexPoints.trailingZeroBitCount) - 15
  }

  /// Writes one Q16 logarithm per band, of LSB², for a frame that the window shifted left by `shift`.
  func logarithms(
    of power: UnsafePointer<UInt64>, shift: Int32, into raw: UnsafeMutablePointer<Int32>
  ) {
    for index in 0..<count {
      let band = bands[index]
      let bins = power + Int(band.firstBin)
      let weights = weights + Int(band.firstWeight)
      let binCount = Int(band.binCount)
      let excess = excessBits(bins, count: binCount)
      var sum: UInt64 = 0
      for bin in 0..<binCount {
        let reduced = UInt32(truncatingIfNeeded: bins[bin] &>> UInt64(excess))
        sum &+= UInt64(reduced) &* UInt64(weights[bin])
      }
      let logarithm = naturalLogarithm(
        of: sum, exponent: exponent &+ Int32(excess) &- 2 &* shift)
      raw[index] = max(logarithm, band.floor) &+ band.offset
    }
  }

  /// How many bits the largest of the bins has beyond 32.
  private func excessBits(_ bins: UnsafePointer<UInt64>, count: Int) -> UInt32 {
    var union: UInt64 = 0
    for bin in 0..<count { union |= bins[bin] }
    return UInt32(truncatingIfNeeded: max(0, 32 &- union.leadingZeroBitCount))
  }
}
