import FixedPoint

/// How far the peaks of a frame's spectrum rise above its valleys, in seven octaves: Q16 natural
/// logarithms.
///
/// Bands reach from 0, 200, 400, 800, 1600, 3200 and 6400 Hz to the next, the last to the
/// spectrum's end; each except the first includes one more bin below. In a band of n bins, the q =
/// max(1, round(0.02 n)) strongest and weakest count: the value is the log mean magnitude of the
/// strongest less that of the weakest. A floor is added to the power of each bin first
/// (`SpectralFloor`), so that silence has no contrast and valleys do not depend on rounding.
///
/// Source: Jiang et al., Music type classification by spectral contrast feature, 2002, as in
/// librosa's `feature.spectral_contrast`, except for the floor and the logarithm's base.
public struct SpectralContrast {
  /// Bands, and thus values per frame.
  public static let bandCount = 7
  /// The upper edge of the lowest band, in Hz.
  public static let lowestEdge = 200

  private let sampleRate: Int
  private let fft: Int
  private let floor: SpectralFloor
  private let peaks: UnsafeMutablePointer<UInt64>
  private let valleys: UnsafeMutablePointer<UInt64>
  /// Two hundredths of the bins of the largest band, and one to spare.
  private static let capacity = 24

  init(_ definition: FrontEndDefinition, arena: inout Arena) {
    sampleRate = Int(definition.sampleRate)
    fft = Int(definition.fft)
    floor = SpectralFloor(definition)
    peaks = arena.take(UInt64.self, count: SpectralContrast.capacity)
    valleys = arena.take(UInt64.self, count: SpectralContrast.capacity)
  }

  /// The bins of band `index`, and how many of them are its peaks.
  public static func bins(
    ofBand index: Int, sampleRate: Int, fft: Int
  ) -> (bins: Range<Int>, quantile: Int) {
    let least = index == 0 ? 0 : lowestEdge << (index - 1)
    let first = min((least * fft + sampleRate - 1) / sampleRate, fft / 2)
    // Every band but the last leaves its uppermost bin, the one at its edge or the nearest below,
    // to the next.
    let end =
      index == bandCount - 1 ? fft / 2 + 1 : min((lowestEdge << index) * fft / sampleRate, fft / 2)
    let start = index == 0 ? 0 : first - 1
    let taken = end - start
    let counted = index == bandCount - 1 ? taken : taken + 1
    // round(0.02 n), halves to even as in the source.
    let quantile = (counted + 25) / 50 - (counted % 100 == 25 ? 1 : 0)
    return (start..<max(end, start + 1), max(1, quantile))
  }

  /// Writes the seven values of a power spectrum whose samples were shifted left by `shift`.
  func describe(
    _ power: UnsafePointer<UInt64>, shift: Int32, into values: UnsafeMutablePointer<Int32>
  ) {
    let floor = floor.power(shift: shift)
    for index in 0..<SpectralContrast.bandCount {
      let (bins, quantile) = SpectralContrast.bins(
        ofBand: index, sampleRate: sampleRate, fft: fft)
      let count = min(quantile, bins.count)
      collect(power + bins.lowerBound, bins.count, quantile: count)
      values[index] =
        logarithm(peaks, count: count, floor: floor)
        &- logarithm(valleys, count: count, floor: floor)
    }
  }

  /// Leaves the `quantile` largest bins in `peaks`, in descending order, and the smallest in
  /// `valleys`, in ascending order.
  private func collect(_ bins: UnsafePointer<UInt64>, _ count: Int, quantile: Int) {
    for bin in 0..<count {
      let value = bins[bin]
      let held = min(bin, quantile)
      if bin < quantile || value > peaks[quantile &- 1] {
        var place = min(held, quantile &- 1)
        while place > 0, peaks[place &- 1] < value {
          peaks[place] = peaks[place &- 1]
          place &-= 1
        }
        peaks[place] = value
      }
      if bin < quantile || value < valleys[quantile &- 1] {
        var place = min(held, quantile &- 1)
        while place > 0, valleys[place &- 1] > value {
          valleys[place] = valleys[place &- 1]
          place &-= 1
        }
        valleys[place] = value
      }
    }
  }

  /// The logarithm of the sum of the magnitudes, all shifted as far as the largest allows before
  /// the roots are taken.
  private func logarithm(
    _ powers: UnsafePointer<UInt64>, count: Int, floor: UInt64
  ) -> Int32 {
    var greatest: UInt64 = 0
    for index in 0..<count { greatest = max(greatest, powers[index] &+ floor) }
    let shift = UInt64(truncatingIfNeeded: greatest.leadingZeroBitCount & ~1)
    var sum: UInt64 = 0
    for index in 0..<count { sum &+= UInt64(squareRoot((powers[index] &+ floor) &<< shift)) }
    return naturalLogarithm(of: sum, exponent: 0 &- Int32(truncatingIfNeeded: shift &>> 1))
  }
}
