import FixedPoint

/// What mel bands represent poorly: pitch, voicing and the shape of the spectrum, 57 values per
/// frame in Q16.
///
/// | index | value |
/// |---|---|
/// | 0…47 | autocorrelation map: the cosine transform of \|X\|^0.7 over 61–4000 Hz at 48 lags, the inverses of 620 down to 70 Hz in equal ratios, divided by lag 0 and by the window's own autocorrelation |
/// | 48 | ln(F0/200 Hz) · voicing |
/// | 49 | voicing: the logistic function of 12 · (peak − 0.45) |
/// | 50 | the map's largest value, the peak |
/// | 51 | zero crossings (of the frame less its mean) per sample |
/// | 52 | centroid of the power spectrum, kHz |
/// | 53 | flux: ten times the distance to the last frame's \|X\|^0.7, each divided by its sum; 0 in the first frame |
/// | 54 | flatness: mean of the logarithms less logarithm of the mean of the power in 61–4000 Hz |
/// | 55 | logarithm of the power in 1–5 kHz less that in 61–1000 Hz |
/// | 56 | logit of the peak, which is taken within 0.02…0.98 |
///
/// A power of 160 LSB² per bin, 11 dB above the rounding to int16, is added before any logarithm or
/// root, so that silence is unvoiced, flat and steady. Each value is exact to about 10⁻⁴ of its
/// deviation, except the pitch if two peaks of the map are equally high.
public struct VoiceFeatures {
  /// Lags of the autocorrelation map.
  public static let lagCount = 48
  /// Values besides the map.
  static let scalarCount = 9
  /// All values of a frame.
  static let count = lagCount + scalarCount
  /// Added to the power of a bin, LSB².
  public static let binFloor = 160
  /// The highest pitch of the map, in Hz.
  public static let highestPitch = 620.0
  /// The lowest pitch of the map, in Hz.
  public static let lowestPitch = 70.0

  private let spectrum: CompressedSpectrum
  private let correlation: AutocorrelationMap
  private let shape: SpectralShape
  private let crossings: ZeroCrossings
  private var flux: SpectralFlux

  init(_ tables: FrontEndTables, variant: FrontEndVariant, arena: inout Arena) {
    spectrum = CompressedSpectrum(tables.definition, variant: variant, arena: &arena)
    correlation = AutocorrelationMap(tables, variant: variant, arena: &arena)
    shape = SpectralShape(tables.definition)
    crossings = ZeroCrossings(count: Int(tables.definition.frame))
    flux = SpectralFlux(tables.definition, arena: &arena)
  }

  /// Forgets the last frame.
  mutating func restart() {
    flux.restart()
  }

  /// Writes the `count` values of a frame from its power spectrum, which was computed from samples
  /// shifted left by `shift`.
  mutating func describe(
    _ power: UnsafePointer<UInt64>, shift: Int32, samples: UnsafePointer<Int16>,
    into values: UnsafeMutablePointer<Int32>
  ) {
    let compressed = spectrum.compress(power, shift: shift)
    let map = correlation.map(compressed)
    for lag in 0..<VoiceFeatures.lagCount { values[lag] = (map[lag] &+ 128) &>> 8 }
    let pitch = Pitch(map)
    let scalars = values + VoiceFeatures.lagCount
    scalars[0] = pitch.voicedLogarithm
    scalars[1] = pitch.voicing
    scalars[2] = pitch.peak
    scalars[3] = crossings.rate(of: samples)
    scalars[4] = shape.centroid(of: power, floor: compressed.floor)
    scalars[5] = flux.step(compressed)
    scalars[6] = compressed.flatness
    scalars[7] = shape.slope(of: power, floor: compressed.floor)
    scalars[8] = pitch.logit
  }
}
