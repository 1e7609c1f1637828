import FixedPoint

#if canImport(CIntrinsics)
  import CIntrinsics
#endif

/// The natural logarithms of many energies at once.
struct Logarithms {
  let variant: FrontEndVariant

  /// Writes ln((`values`[n] + `added`) · 2^`exponents`[n]) in Q16, for `count` n; without
  /// exponents, none is applied.
  @inline(__always)
  func write(
    of values: UnsafePointer<UInt64>, adding added: UInt64 = 0, exponents: UnsafePointer<Int32>?,
    count: Int, into logarithms: UnsafeMutablePointer<Int32>
  ) {
    #if canImport(CIntrinsics) && arch(x86_64)
      if variant == .avx512 {
        NaturalLogarithm.withTable {
          edged_logarithms_avx512(values, added, exponents, count, $0, logarithms)
        }
        return
      }
    #endif
    for index in 0..<count {
      logarithms[index] = naturalLogarithm(
        of: values[index] &+ added, exponent: exponents?[index] ?? 0)
    }
  }
}
