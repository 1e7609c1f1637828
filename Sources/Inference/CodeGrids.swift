import FixedPoint

#if canImport(CIntrinsics)
  import CIntrinsics
#endif

/// Codes of one grid taken to another, with nothing multiplied by weights: the arithmetic of sums
/// and concatenations.
enum CodeGrids {
  /// Two grids that meet in a third.
  struct Sum: BitwiseCopyable {
    let constants: AddConstants
    let leftZero: Int32
    let rightZero: Int32
    let zeroPoint: Int32
    /// No code of the result is below.
    let least: Int32
  }

  /// Adds `count` codes to as many others: see `AddConstants`.
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

  /// Takes `count` codes around `zero` to a grid around `zeroPoint`, saturated.
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
