import FixedPoint

#if canImport(CIntrinsics)
  import CIntrinsics
#endif

/// Quantizes raw values to int8, each column by its own mean and scale.
struct ColumnScales {
  private let means: UnsafePointer<Int32>
  private let scales: UnsafePointer<Requantizer>
  /// The fields of `scales` as separate arrays, for variants that read them so.
  private let mantissas: UnsafeMutablePointer<Int32>
  private let shifts: UnsafeMutablePointer<Int32>
  private let count: Int
  private let variant: FrontEndVariant

  init(_ tables: FeatureTables, variant: FrontEndVariant, arena: inout Arena) {
    self.variant = variant
    means = tables.means
    scales = tables.scales
    count = variant == .portable ? 0 : tables.columns
    mantissas = arena.take(Int32.self, count: count)
    shifts = arena.take(Int32.self, count: count)
  }

  /// Fills the memory that `init` reserved, before the first frame.
  func prepare() {
    for column in 0..<count {
      mantissas[column] = scales[column].mantissa
      shifts[column] = scales[column].shift
    }
  }

  /// Writes `columns` int8 values of a frame from `values`, which start at the first column's.
  func apply(
    to values: UnsafePointer<Int32>, columns: Range<Int>,
    into features: UnsafeMutablePointer<Int8>
  ) {
    let first = columns.lowerBound
    var done = 0
    switch variant {
    #if canImport(CIntrinsics) && arch(x86_64)
      case .avx2:
        done = edged_standardize_avx2(
          values, means + first, mantissas + first, shifts + first, columns.count,
          features + first)
      case .avx512:
        done = edged_standardize_avx512(
          values, means + first, mantissas + first, shifts + first, columns.count,
          features + first)
    #elseif canImport(CIntrinsics) && arch(arm64)
      case .neon:
        done = edged_standardize_neon(
          values, means + first, mantissas + first, shifts + first, columns.count,
          features + first)
    #endif
    default: break
    }
    for index in done..<columns.count {
      let column = first &+ index
      features[column] = scales[column](values[index] &- means[column])
    }
  }
}
