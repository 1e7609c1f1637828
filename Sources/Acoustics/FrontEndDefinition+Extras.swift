extension FrontEndDefinition {
  /// Groups of features besides the cepstral coefficients, one bit each.
  ///
  /// Those from `voice` to `tonnetz` are values of the raw vector, after the level and in the order
  /// of their bits; `FeatureMap` computes the others from the bands.
  public struct Extras: Equatable, Sendable, BitwiseCopyable {
    /// The bits as stored in the file.
    public let rawValue: UInt32

    /// The groups whose bits are set. (No `OptionSet`: its literals are arrays, which allocate.)
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Nothing besides the coefficients.
    public static let none = Extras(rawValue: 0)
    /// Pitch, voicing and the shape of the spectrum, and the level: `VoiceFeatures`.
    public static let voice = Extras(rawValue: 1)
    /// The rate of zero crossings: `ZeroCrossings`.
    public static let zeroCrossings = Extras(rawValue: 2)
    /// The root of the mean square: `RootMeanSquare`.
    public static let rootMeanSquare = Extras(rawValue: 4)
    /// Energies of the twelve pitch classes: `Chroma`.
    public static let chroma = Extras(rawValue: 8)
    /// Peaks over valleys in seven octaves: `SpectralContrast`.
    public static let contrast = Extras(rawValue: 16)
    /// Where the pitch classes lie on the circles of fifths and thirds: `Chroma`.
    public static let tonnetz = Extras(rawValue: 32)
    /// The logarithms of the mel bands themselves, as columns.
    public static let mel = Extras(rawValue: 64)
    /// The slopes of the coefficients: `Deltas`.
    public static let deltas = Extras(rawValue: 128)
    /// The slopes of the slopes; only with `deltas`.
    public static let deltaDeltas = Extras(rawValue: 256)

    /// Whether all groups of `other` are among these.
    public func contains(_ other: Extras) -> Bool {
      rawValue & other.rawValue == other.rawValue
    }

    /// These groups and those of `other`.
    public func union(_ other: Extras) -> Extras { Extras(rawValue: rawValue | other.rawValue) }

    /// Whether every bit is known, and slopes of slopes come only with slopes.
    var isKnown: Bool {
      rawValue < 512 && (contains(.deltas) || !contains(.deltaDeltas))
    }

    /// Whether the tables contain chroma filters.
    var needsChroma: Bool { contains(.chroma) || contains(.tonnetz) }

    /// Values that these groups add to a raw vector.
    var rawCount: Int {
      func count(_ group: Extras, _ values: Int) -> Int { contains(group) ? values : 0 }
      return count(.voice, VoiceFeatures.count) + count(.zeroCrossings, 1)
        + count(.rootMeanSquare, 1) + count(.chroma, Chroma.classCount)
        + count(.contrast, SpectralContrast.bandCount) + count(.tonnetz, Chroma.tonnetzCount)
    }
  }

  /// Values of a raw vector: the bands, the level, the extras.
  public var rawCount: Int { Int(bands) + 1 + extras.rawCount }

  /// Number of bands that reach the network unchanged.
  public var directBands: Int { extras.contains(.mel) ? Int(bands) : 0 }

  /// Index of the first value after the bands that reaches the network unchanged: the level with
  /// voice features, else the first extra.
  public var directIndex: Int { extras.contains(.voice) ? levelIndex : levelIndex + 1 }

  /// Number of values of a raw vector from `directIndex` on, which reach the network unchanged.
  public var directCount: Int { rawCount - directIndex }

  /// Slopes of coefficients that reach the network: none, one or two for each.
  public var deltaCount: Int {
    let orders = (extras.contains(.deltas) ? 1 : 0) + (extras.contains(.deltaDeltas) ? 1 : 0)
    return orders * Int(coefficients)
  }

  /// Inputs of the network per frame: the cepstral coefficients, the direct bands, the direct
  /// values, the coefficients relative to their running means, the deltas.
  public var columns: Int {
    Int(coefficients) + directBands + directCount + Int(runningMeans) + deltaCount
  }
}
