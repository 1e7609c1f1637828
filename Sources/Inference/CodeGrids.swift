import FixedPoint

#if canImport(CIntrinsics)
  import CIntrinsics
#endif

/// Converts codes from one grid to another without weights: the arithmetic of sums, concatenations
/// and centring.
enum CodeGrids {
  /// Two grids and the grid of their sum.
  struct Sum: BitwiseCopyable {
    let constants: AddConstants
    let leftZero: Int32
    let rightZero: Int32
    let zeroPoint: Int32
    /// The least code of the result.
    let least: Int32
  }

  /// Adds `count` codes of one input to those of the other: see `AddConstants`.
  @inline(__always)
  static func add(
    _ left: UnsafePointer<Int8>, _ right: UnsafePointer<Int8>, count: Int, _ sum: Sum,
    into codes: UnsafeMutablePointer<Int8>, variant: KernelVariant
  ) {
    let (first, second, shift) = (sum.constants.first, sum.constants.second, sum.constants.shift)
    switch variant {
    #if canImport(CIntrinsics) && arch(x86_64)
      case .avx2, .avxVNNI:
        edged_add_codes_avx2(
          left, right, count, sum.leftZero, sum.rightZero, first, second, shift, sum.zeroPoint,
          sum.least, codes)
      case .avx512VNNI:
        edged_add_codes_avx512(
          left, right, count, sum.leftZero, sum.rightZero, first, second, shift, sum.zeroPoint,
          sum.least, codes)
    #elseif canImport(CIntrinsics) && arch(arm64)
      case .neon, .dotProduct:
        edged_add_codes_neon(
          left, right, count, sum.leftZero, sum.rightZero, first, second, shift, sum.zeroPoint,
          sum.least, codes)
    #endif
    default:
      let half: Int32 = 1 &<< (shift &- 1)
      for index in 0..<count {
        let total =
          (Int32(left[index]) &- sum.leftZero) &* first
          &+ (Int32(right[index]) &- sum.rightZero) &* second
        let value = (total &+ half) &>> shift &+ sum.zeroPoint
        codes[index] = Int8(truncatingIfNeeded: min(max(value, sum.least), 127))
      }
    }
  }

  /// Subtracts offsets in 1/256 of a step from `count` codes around `zero`, and converts the rest:
  /// see `Centring`.
  @inline(__always)
  static func centre(
    _ source: UnsafePointer<Int8>, less offsets: UnsafePointer<Int32>, count: Int, zero: Int32,
    _ requantize: Requantizer, least: Int8, into codes: UnsafeMutablePointer<Int8>,
    variant: KernelVariant
  ) {
    switch variant {
    #if canImport(CIntrinsics) && arch(arm64)
      case .neon, .dotProduct:
        edged_centre_codes_neon(
          source, offsets, count, zero, requantize.mantissa, requantize.shift,
          requantize.zeroPoint, Int32(least), codes)
    #endif
    default:
      for index in 0..<count {
        let centred = (Int32(source[index]) &- zero) &* 256 &- offsets[index]
        codes[index] = max(requantize(centred), least)
      }
    }
  }

  /// Converts `count` codes around `zero` to a grid around `zeroPoint`, saturated.
  @inline(__always)
  static func move(
    _ source: UnsafePointer<Int8>, count: Int, zero: Int32, _ rescale: Rescaler, zeroPoint: Int32,
    into codes: UnsafeMutablePointer<Int8>, variant: KernelVariant
  ) {
    switch variant {
    #if canImport(CIntrinsics) && arch(x86_64)
      case .avx2, .avxVNNI:
        edged_move_codes_avx2(
          source, count, zero, rescale.mantissa, rescale.shift, zeroPoint, codes)
      case .avx512VNNI:
        edged_move_codes_avx512(
          source, count, zero, rescale.mantissa, rescale.shift, zeroPoint, codes)
    #elseif canImport(CIntrinsics) && arch(arm64)
      case .neon, .dotProduct:
        edged_move_codes_neon(
          source, count, zero, rescale.mantissa, rescale.shift, zeroPoint, codes)
    #endif
    default:
      for index in 0..<count {
        codes[index] = Int8(clamping: rescale(Int32(source[index]) &- zero) &+ zeroPoint)
      }
    }
  }
}
