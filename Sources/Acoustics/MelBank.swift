import FixedPoint

#if canImport(CIntrinsics)
  import CIntrinsics
#endif

/// The natural logarithms of the energies under the mel triangles.
///
/// Each band shifts its own bins to 32 bits: one shift for the whole frame would cost quiet bands
/// 13 to 60 dB. A sum of at most 2¹¹ products of 32 and 16 bits fits into 64 bits. The floor is the
/// energy that the rounding of the microphone's int16 samples puts into a band, so that digital
/// silence is no outlier.
struct MelBank {
  private let bands: UnsafePointer<MelBand>
  private let weights: UnsafePointer<UInt16>
  private let count: Int
  /// Corrects for the weights' Q15 and the transform's scale.
  private let exponent: Int32
  private let sums: UnsafeMutablePointer<UInt64>
  private let exponents: UnsafeMutablePointer<Int32>
  private let logarithms: Logarithms

  init(_ tables: FrontEndTables, variant: FrontEndVariant, arena: inout Arena) {
    bands = tables.melBands
    weights = tables.weights
    count = Int(tables.definition.bands)
    exponent = 2 * Int32(tables.definition.complexPoints.trailingZeroBitCount) - 15
    // AVX-512 sums eight bands together, and writes all eight.
    let room = (count + 7) & ~7
    sums = arena.take(UInt64.self, count: room)
    exponents = arena.take(Int32.self, count: room)
    logarithms = Logarithms(variant: variant)
  }

  /// Writes one Q16 logarithm per band, of LSB², for a frame that the window shifted left by
  /// `shift`.
  func logarithms(
    of power: UnsafePointer<UInt64>, shift: Int32, into raw: UnsafeMutablePointer<Int32>
  ) {
    sumBands(of: power, exponent: exponent &- 2 &* shift)
    logarithms.write(of: sums, exponents: exponents, count: count, into: raw)
    for index in 0..<count {
      raw[index] = max(raw[index], bands[index].floor) &+ bands[index].offset
    }
  }

  /// Writes the weighted sum of each band's bins, shifted right by the number of bits by which the
  /// largest exceeds 32, and `exponent` plus that shift.
  private func sumBands(of power: UnsafePointer<UInt64>, exponent: Int32) {
    #if canImport(CIntrinsics) && arch(x86_64)
      if logarithms.variant == .avx512 {
        bands.withMemoryRebound(to: Int32.self, capacity: 5 * count) {
          edged_mel_sums_avx512(power, weights, $0, count, exponent, sums, exponents)
        }
        return
      }
    #endif
    for index in 0..<count {
      let band = bands[index]
      var excess: Int32 = 0
      sums[index] = sum(
        power + Int(band.firstBin), weights + Int(band.firstWeight), count: Int(band.binCount),
        excess: &excess)
      exponents[index] = exponent &+ excess
    }
  }

  /// The weighted sum of `count` bins, each shifted right by `excess`: the number of bits by which
  /// the largest exceeds 32.
  @inline(__always)
  private func sum(
    _ bins: UnsafePointer<UInt64>, _ weights: UnsafePointer<UInt16>, count: Int,
    excess: inout Int32
  ) -> UInt64 {
    switch logarithms.variant {
    #if canImport(CIntrinsics) && arch(x86_64)
      case .avx2: return edged_mel_sum_avx2(bins, weights, count, &excess)
    #elseif canImport(CIntrinsics) && arch(arm64)
      case .neon: return edged_mel_sum_neon(bins, weights, count, &excess)
    #endif
    default: break
    }
    var union: UInt64 = 0
    for bin in 0..<count { union |= bins[bin] }
    excess = Int32(truncatingIfNeeded: max(0, 32 &- union.leadingZeroBitCount))
    var sum: UInt64 = 0
    for bin in 0..<count {
      let reduced = UInt32(truncatingIfNeeded: bins[bin] &>> UInt64(excess))
      sum &+= UInt64(reduced) &* UInt64(weights[bin])
    }
    return sum
  }
}
