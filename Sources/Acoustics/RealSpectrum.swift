import FixedPoint

#if canImport(CIntrinsics)
  import CIntrinsics
#endif

/// The power spectrum of a real frame, from the complex transform of its even samples as real and
/// odd samples as imaginary parts.
///
/// With Z that transform, E = (Z[k] + Z*[n−k])/2 and O = (Z[k] − Z*[n−k])/2, the spectrum is X[k] =
/// E − i·w·O and X[n−k] = (E + i·w·O)*, w = exp(−2πik/2n). Halving rounds, products round one by
/// one.
///
/// Powers are in units of (n · 2^−shift)² LSB² for n complex points: the transform's 1/n is not
/// undone.
struct RealSpectrum {
  private let cosines: UnsafePointer<Int32>
  private let sines: UnsafePointer<Int32>
  let powers: UnsafeMutablePointer<UInt64>
  private let count: Int
  private let variant: FrontEndVariant

  init(_ tables: FrontEndTables, variant: FrontEndVariant, arena: inout Arena) {
    self.variant = variant
    count = tables.definition.complexPoints
    cosines = tables.rotation
    sines = tables.rotation + count / 2
    powers = arena.take(UInt64.self, count: count + 1)
  }

  /// The powers of bins 0…n. None exceeds 2⁶¹.
  func power(of points: ComplexPoints) -> UnsafePointer<UInt64> {
    let (x, y) = (points.real, points.imaginary)
    let half = count &>> 1
    powers[0] = square(x[0] &+ y[0], 0)
    powers[count] = square(x[0] &- y[0], 0)
    switch variant {
    #if canImport(CIntrinsics) && arch(x86_64)
      case .avx2: edged_power_avx2(x, y, cosines, sines, count, powers)
      case .avx512: edged_power_avx512(x, y, cosines, sines, count, powers)
    #elseif canImport(CIntrinsics) && arch(arm64)
      case .neon: edged_power_neon(x, y, cosines, sines, count, powers)
    #endif
    default: pairs(x, y)
    }
    powers[half] = square(x[half], y[half])
    return UnsafePointer(powers)
  }

  /// The powers of all bins except 0, n/2 and n.
  private func pairs(_ x: UnsafeMutablePointer<Int32>, _ y: UnsafeMutablePointer<Int32>) {
    for k in 1..<(count &>> 1) {
      let mirrored = count &- k
      let (evenX, evenY) = (halve(x[k] &+ x[mirrored]), halve(y[k] &- y[mirrored]))
      let (oddX, oddY) = (halve(x[k] &- x[mirrored]), halve(y[k] &+ y[mirrored]))
      // −i · (cos − i·sin) · O
      let turnedX = multiplyQ31(oddY, cosines[k]) &- multiplyQ31(oddX, sines[k])
      let turnedY = 0 &- multiplyQ31(oddX, cosines[k]) &- multiplyQ31(oddY, sines[k])
      powers[k] = square(evenX &+ turnedX, evenY &+ turnedY)
      powers[mirrored] = square(evenX &- turnedX, evenY &- turnedY)
    }
  }

  @inline(__always)
  private func square(_ x: Int32, _ y: Int32) -> UInt64 {
    UInt64(truncatingIfNeeded: Int64(x) &* Int64(x))
      &+ UInt64(truncatingIfNeeded: Int64(y) &* Int64(y))
  }
}
