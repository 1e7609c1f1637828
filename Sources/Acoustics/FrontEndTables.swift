/// One triangle of the mel filter bank, as stored in the model file: five little-endian Int32.
public struct MelBand: Equatable, Sendable, BitwiseCopyable {
  /// The first bin of the spectrum under the triangle.
  public var firstBin: Int32
  /// How many bins lie under it, at least 1.
  public var binCount: Int32
  /// Index of its first Q15 weight in the weight table.
  public var firstWeight: Int32
  /// Natural logarithm of the least energy that the band can report, in LSB², Q16.
  public var floor: Int32
  /// Added after the logarithm, Q16: an area norm, or 0.
  public var offset: Int32

  /// A band that sums `binCount` bins from `firstBin` on with the weights from `firstWeight` on.
  public init(firstBin: Int32, binCount: Int32, firstWeight: Int32, floor: Int32, offset: Int32) {
    self.firstBin = firstBin
    self.binCount = binCount
    self.firstWeight = firstWeight
    self.floor = floor
    self.offset = offset
  }
}

/// All lookup tables of a front end, computed once on a workstation and carried in the model file,
/// so that no device's math library can change a bit.
///
/// The section of the model file is, little-endian, each part starting at a multiple of 64 bytes
/// from the section's start and the gaps filled with zeros:
///
/// | part | contents |
/// |---|---|
/// | header | `FrontEndDefinition` (40 bytes), Int32 weight count, zeros up to 64 bytes |
/// | window | Int32 Q31 × frame |
/// | twiddles | Int32 Q31 × `twiddleCount`: for each pass over blocks of n points, the real parts of exp(−2πi·k/n), k < n/4, their imaginary parts, then both of the square, then both of the cube |
/// | rotation | Int32 Q31 × fft/2: cos(2πk/fft), k < fft/4, then sin(2πk/fft) |
/// | mel bands | `MelBand` (20 bytes) × bands |
/// | weights | UInt16 Q15 × weight count, each at most 2¹⁵ |
/// | lag cosines | only with voice features: Int16 Q15, 48 lags × `VoiceBins.stride`: cos(2πk·lag/fft) for the bins k of the band, then zeros |
/// | lag gains | only with voice features: Int32 Q28 × 48: one over the window's own autocorrelation, at most 1/0.3 |
/// | chroma weights | only with chroma or tonnetz: UInt32 Q24, 12 classes from C on × (fft/2 + 1) bins |
/// | tonnetz basis | only with chroma or tonnetz: Int32 Q30, 6 coordinates × 12 classes |
///
/// One is stored as 2³¹ − 1 in Q31 and ±1 as ±(2¹⁵ − 1) in the cosines' Q15.
public struct FrontEndTables {
  /// The definition that these tables were made for.
  public internal(set) var definition: FrontEndDefinition
  let window: UnsafePointer<Int32>
  let twiddles: UnsafePointer<Int32>
  let rotation: UnsafePointer<Int32>
  let melBands: UnsafePointer<MelBand>
  let weights: UnsafePointer<UInt16>
  let lagCosines: UnsafePointer<Int16>
  let lagGains: UnsafePointer<Int32>
  let chromaWeights: UnsafePointer<UInt32>
  let tonnetzBasis: UnsafePointer<Int32>

  /// Bytes before the first table.
  static let headerSize = 64
  /// Offset of the weight count in the header.
  public static let weightCountOffset = 40

  /// Offsets of the parts, which follow from the definition.
  public struct Layout: Equatable, Sendable {
    /// Offset of the window from the section's start, in bytes.
    public let window: Int
    /// Offset of the Fourier transform's factors.
    public let twiddles: Int
    /// Offset of the factors that turn the complex spectrum into a real sequence's.
    public let rotation: Int
    /// Offset of the mel bands.
    public let melBands: Int
    /// Offset of the mel weights.
    public let weights: Int
    /// Offset of the cosines of the autocorrelation map; without voice features the section's end,
    /// as for the gains.
    public let lagCosines: Int
    /// Offset of the gains of the autocorrelation map.
    public let lagGains: Int
    /// Offset of the weights of the pitch classes; without chroma and tonnetz the section's end, as
    /// for the basis.
    public let chromaWeights: Int
    /// Offset of the basis of the tonnetz.
    public let tonnetzBasis: Int
    /// Size of the whole section, in bytes.
    public let size: Int

    /// The layout for a checked definition and `weightCount` weights.
    public init(_ definition: FrontEndDefinition, weightCount: Int) {
      func aligned(_ offset: Int) -> Int { (offset + 63) & ~63 }
      window = FrontEndTables.headerSize
      twiddles = aligned(window + 4 * Int(definition.frame))
      rotation = aligned(twiddles + 4 * definition.twiddleCount)
      melBands = aligned(rotation + 4 * definition.complexPoints)
      weights = aligned(melBands + MemoryLayout<MelBand>.stride * Int(definition.bands))
      lagCosines = aligned(weights + 2 * weightCount)
      let lags = definition.extras.contains(.voice) ? VoiceFeatures.lagCount : 0
      lagGains = aligned(lagCosines + 2 * lags * VoiceBins(definition).stride)
      chromaWeights = aligned(lagGains + 4 * lags)
      let classes = definition.extras.needsChroma ? Chroma.classCount : 0
      tonnetzBasis = aligned(chromaWeights + 4 * classes * (definition.complexPoints + 1))
      size = aligned(tonnetzBasis + 4 * classes * Chroma.tonnetzCount)
    }
  }
}
