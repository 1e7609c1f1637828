import FixedPoint

#if canImport(CIntrinsics)
  import CIntrinsics
#endif

/// Maps a raw vector, less the talker's baseline, to the int8 inputs of a network.
///
/// The orthonormal DCT-II of the log-mel energies gives cepstral coefficients in Q16. These, the
/// unchanged extras, the first coefficients less their running mean since `restart()`, and the
/// slopes of the coefficients are standardized by their mean and deviation over the training
/// speech. Six deviations on either side of the mean span int8:
/// `q = clamp(round((c − μ) · 127 / 6σ))`. (Six agreed best with float: 99.6 % of labels, against
/// 98.2 % for three.)
///
/// The running mean of d = c − μ after t frames is Σd/(t + 30), as if thirty frames of the corpus
/// mean had come before the first: it begins at 0 and settles within a second.
///
/// No input can trap, and no call allocates.
public struct FeatureMap: ~Copyable {
  /// Prior weight of the corpus mean in a running mean, in frames.
  public static let runningMeanPrior = 30

  private let tables: FeatureTables
  private let cepstrum: UnsafeMutablePointer<Int32>
  private let sums: UnsafeMutablePointer<Int64>
  private let columnScales: ColumnScales
  private let variant: FrontEndVariant
  private var deltas: Deltas?
  private var deltaDeltas: Deltas?
  private var frames: Int64 = 0

  /// A map over `tables`, which have passed their check and outlive it, with its buffers from
  /// `arena`.
  ///
  /// `variant` must be available on this processor. Reserves memory without writing to it: call
  /// `restart()` before the first frame.
  public init(
    _ tables: FeatureTables, variant: FrontEndVariant = .best, arena: inout Arena
  ) {
    self.tables = tables
    self.variant = variant
    columnScales = ColumnScales(tables, variant: variant, arena: &arena)
    cepstrum = arena.take(Int32.self, count: tables.coefficients)
    let (count, slopes) = (tables.coefficients, tables.deltaCount)
    deltas = slopes > 0 ? Deltas(count: count, arena: &arena) : nil
    deltaDeltas = slopes > count ? Deltas(count: count, arena: &arena) : nil
    sums = arena.take(Int64.self, count: tables.runningMeans)
  }

  /// Int8 values per frame.
  public var columns: Int { tables.columns }

  /// Forgets earlier frames, as at the start of a context.
  public mutating func restart() {
    frames = 0
    deltas?.restart()
    deltaDeltas?.restart()
    columnScales.prepare()
    for index in 0..<tables.runningMeans { sums[index] = 0 }
  }

  /// Writes the `columns` int8 features of one frame, and returns its cepstral coefficients in Q16,
  /// valid until the next call.
  @discardableResult
  public mutating func map(
    _ raw: UnsafePointer<Int32>, into features: UnsafeMutablePointer<Int8>
  ) -> UnsafePointer<Int32> {
    transform(raw)
    var column = 0
    func apply(_ values: UnsafePointer<Int32>, _ count: Int) {
      columnScales.apply(to: values, columns: column..<column &+ count, into: features)
      column &+= count
    }
    apply(UnsafePointer(cepstrum), tables.coefficients)
    apply(raw, tables.directBands)
    apply(raw + tables.directIndex, tables.directCount)
    followMeans(from: column, into: features)
    column &+= tables.runningMeans
    if let slopes = deltas?.push(cepstrum) {
      apply(slopes, tables.coefficients)
      if let second = deltaDeltas?.push(slopes) { apply(second, tables.coefficients) }
    }
    return UnsafePointer(cepstrum)
  }

  /// Adds the frame to the running means and writes the coefficients less these.
  private mutating func followMeans(from first: Int, into features: UnsafeMutablePointer<Int8>) {
    frames &+= 1
    let divisor = frames &+ Int64(FeatureMap.runningMeanPrior)
    for index in 0..<tables.runningMeans {
      let distance = Int64(cepstrum[index] &- tables.means[index])
      sums[index] &+= distance
      let rest = distance &- roundedQuotient(sums[index], divisor)
      let column = first &+ index
      features[column] = tables.scales[column](
        Int32(truncatingIfNeeded: rest) &- tables.means[column])
    }
  }

  /// The DCT, with 64-bit sums: one in Q15 would cost 34 dB.
  private func transform(_ raw: UnsafePointer<Int32>) {
    let bands = tables.bands
    switch variant {
    #if canImport(CIntrinsics) && arch(x86_64)
      case .avx2:
        edged_cepstrum_avx2(tables.cosines, raw, tables.coefficients, bands, cepstrum)
        return
      case .avx512:
        edged_cepstrum_avx512(tables.cosines, raw, tables.coefficients, bands, cepstrum)
        return
    #elseif canImport(CIntrinsics) && arch(arm64)
      case .neon:
        edged_cepstrum_neon(tables.cosines, raw, tables.coefficients, bands, cepstrum)
        return
    #endif
    default: break
    }
    for row in 0..<tables.coefficients {
      let cosines = tables.cosines + row &* bands
      var sum: Int64 = 1 &<< 29
      for band in 0..<bands {
        sum &+= Int64(cosines[band]) &* Int64(raw[band])
      }
      cepstrum[row] = Int32(truncatingIfNeeded: sum &>> 30)
    }
  }
}
