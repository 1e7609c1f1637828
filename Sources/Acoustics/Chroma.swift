import FixedPoint

/// How a frame's energy is spread over the twelve pitch classes C, C♯ … B, and where that lies in
/// tonal space.
///
/// The power spectrum is summed with twelve rows of weights, tuned to exactly A = 440 Hz: Gaussian
/// bumps around every octave of a class, each bin's of unit norm, most sensitive five octaves above
/// 27.5 Hz. The frame's bins are shifted to 28 bits together, since only ratios matter. (Weights of
/// 16 bits would cost 20 dB if there is power only in the low bins.) A floor is added to what the
/// energies are divided by, the same as in `SpectralContrast`, so that all values approach 0 in
/// silence. (Without it the last bit of a sample at the window's edge would be a chord.)
///
/// Sources: librosa's `filters.chroma` and `feature.tonnetz` (Harte, Sandler & Gasser, Detecting
/// harmonic change in musical audio, 2006).
struct Chroma {
  /// Number of pitch classes.
  static let classCount = 12
  /// Coordinates of the tonnetz: sine and cosine on the circles of fifths, minor thirds and major
  /// thirds.
  static let tonnetzCount = 6

  private let weights: UnsafePointer<UInt32>
  private let basis: UnsafePointer<Int32>
  private let binCount: Int
  /// The energies of the classes, followed by the floor.
  private let energies: UnsafeMutablePointer<UInt64>
  private let floor: SpectralFloor

  init(_ tables: FrontEndTables, arena: inout Arena) {
    floor = SpectralFloor(tables.definition)
    weights = tables.chromaWeights
    basis = tables.tonnetzBasis
    binCount = tables.definition.complexPoints + 1
    energies = arena.take(UInt64.self, count: Chroma.classCount + 1)
  }

  /// Sums the power spectrum of a frame, whose samples were shifted left by `shift`, for `classes`
  /// and `place`. The larger of the greatest sum and the floor has 28 bits.
  func listen(to power: UnsafePointer<UInt64>, shift: Int32) {
    let floor = floor.power(shift: shift)
    var union = floor
    for bin in 0..<binCount { union |= power[bin] }
    // 28 bits a bin, 24 a weight and up to 2¹⁰ + 1 bins: below 2⁶³.
    let excess = UInt64(truncatingIfNeeded: max(0, 36 &- union.leadingZeroBitCount))
    // Weighted like a bin of weight one.
    let leastSum = (floor &>> excess) &<< 24
    var greatest = leastSum
    energies[Chroma.classCount] = leastSum
    for row in 0..<Chroma.classCount {
      let weights = weights + row &* binCount
      var sum: UInt64 = 0
      for bin in 0..<binCount {
        sum &+= (power[bin] &>> excess) &* UInt64(weights[bin])
      }
      energies[row] = sum
      greatest = max(greatest, sum)
    }
    normalize(greatest)
  }

  private func normalize(_ greatest: UInt64) {
    let shift = 36 &- greatest.leadingZeroBitCount
    for row in 0...Chroma.classCount {
      energies[row] =
        shift > 0
        ? energies[row] &>> UInt64(truncatingIfNeeded: shift)
        : energies[row] &<< UInt64(truncatingIfNeeded: 0 &- shift)
    }
  }

  /// Writes the twelve energies relative to the greatest plus the floor: Q16, below one.
  func classes(into values: UnsafeMutablePointer<Int32>) {
    var greatest: UInt64 = 0
    for row in 0..<Chroma.classCount { greatest = max(greatest, energies[row]) }
    greatest &+= energies[Chroma.classCount]
    for row in 0..<Chroma.classCount {
      let value = (energies[row] &<< 16 &+ greatest &>> 1) / greatest
      values[row] = Int32(truncatingIfNeeded: value)
    }
  }

  /// Writes the six coordinates, sixteen times each: the basis weighted by the energies, relative
  /// to their sum plus the floor. Q16; speech strays so little from the centre that without the
  /// factor of sixteen rounding would show at −78 dB.
  func place(into values: UnsafeMutablePointer<Int32>) {
    var total: UInt64 = 0
    for row in 0...Chroma.classCount { total &+= energies[row] }
    let divisor = Int64(truncatingIfNeeded: total)
    for index in 0..<Chroma.tonnetzCount {
      var sum: Int64 = 0
      for row in 0..<Chroma.classCount {
        sum &+=
          Int64(basis[index &* Chroma.classCount &+ row])
          &* Int64(truncatingIfNeeded: energies[row])
      }
      // Q30 by 28 bits, twelve of them, stay below 2⁶².
      values[index] = Int32(
        truncatingIfNeeded: (roundedQuotient(sum, divisor) &+ 1 &<< 9) &>> 10)
    }
  }
}
