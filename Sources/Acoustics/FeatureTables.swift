import FixedPoint

/// The tables that map a raw vector, less the talker's baseline, to the int8 inputs of a network.
///
/// The section of the model file is, little-endian, each part starting at a multiple of 64 bytes
/// from the section's start and the gaps filled with zeros:
///
/// | part | contents |
/// |---|---|
/// | header | Int32 bands, coefficients, direct values, running means, direct bands, deltas, then zeros up to 64 bytes |
/// | cosines | Int32 Q30, coefficients × bands: the orthonormal DCT-II, one row per coefficient |
/// | means | Int32 Q16 × columns: the mean of each feature over the training speech |
/// | scales | `Requantizer` (Int32 mantissa, Int32 shift, Int32 zero point 0) × columns: 127/(6σ), from Q16 |
///
/// A column is one input channel of the network: first the coefficients, then the mel bands if the
/// extras include them, then the other extras unchanged (with voice features the level before
/// them), then the first coefficients relative to their running means, then their slopes and the
/// slopes of those. The relative ones are also relative to the mean in this table, so their own
/// mean here is about 0.
public struct FeatureTables {
  /// Mel bands of the raw vector.
  public let bands: Int
  /// Cepstral coefficients computed from them.
  public let coefficients: Int
  /// Values of the raw vector after the bands that are columns unchanged.
  public internal(set) var directCount: Int
  /// Coefficients that appear a second time as columns, relative to their running means.
  public internal(set) var runningMeans: Int
  /// Mel bands that are columns unchanged.
  public internal(set) var directBands: Int
  /// Slopes of coefficients: none, or as many as coefficients, or twice as many.
  public internal(set) var deltaCount: Int
  /// Index of the first value after the bands that is a column.
  let directIndex: Int
  let cosines: UnsafePointer<Int32>
  let means: UnsafePointer<Int32>
  let scales: UnsafePointer<Requantizer>

  /// Int8 values per frame.
  public var columns: Int {
    coefficients + directBands + directCount + runningMeans + deltaCount
  }

  /// Bytes before the first table.
  public static let headerSize = 64

  /// Offsets of the parts.
  public struct Layout: Equatable, Sendable {
    /// Offset of the cosines from the section's start, in bytes.
    public let cosines: Int
    /// Offset of the means.
    public let means: Int
    /// Offset of the scales.
    public let scales: Int
    /// Size of the whole section, in bytes.
    public let size: Int

    /// The layout of the tables for `definition`.
    public init(_ definition: FrontEndDefinition) {
      func aligned(_ offset: Int) -> Int { (offset + 63) & ~63 }
      cosines = FeatureTables.headerSize
      means = aligned(cosines + 4 * Int(definition.bands) * Int(definition.coefficients))
      scales = aligned(means + 4 * definition.columns)
      size = aligned(scales + MemoryLayout<Requantizer>.stride * definition.columns)
    }
  }
}
