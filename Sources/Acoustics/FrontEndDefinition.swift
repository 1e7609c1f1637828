/// The few numbers, chosen by a person, that define what a front end computes.
///
/// One definition serves training, the double-precision oracle and the device. Its layout in the
/// model file is that in memory: ten little-endian fields of four bytes, at the start of the
/// front-end section.
public struct FrontEndDefinition: Equatable, Sendable, BitwiseCopyable {
  /// Samples per second of the audio that `FrontEnd` takes.
  public var sampleRate: Int32
  /// Samples per window; even, and at most `fft`.
  public var frame: Int32
  /// Samples from the start of one frame to the start of the next, in `1...frame`.
  public var hop: Int32
  /// Points of the Fourier transform: 512, 1024 or 2048. The frame is zero-padded at the end.
  public var fft: Int32
  /// Mel bands, in `1...128`.
  public var bands: Int32
  /// Cepstral coefficients, counted from c0, in `1...bands`.
  public var coefficients: Int32
  /// Lower edge of the lowest mel band, in Hz.
  public var minimumFrequency: Float
  /// Upper edge of the highest mel band, in Hz; at most half the sample rate.
  public var maximumFrequency: Float
  /// What follows the bands and the level in the raw vector.
  public var extras: Extras
  /// How many of the first cepstral coefficients the network also gets relative to their running
  /// mean, in `0...coefficients`.
  public var runningMeans: Int32

  /// Speech at 16 kHz in frames of 25 ms every 10 ms, 40 bands from 60 to 7600 Hz, unless said
  /// otherwise.
  ///
  /// A band from 20 Hz on would pick up a microphone's DC offset (0.155 σ for 300 LSB, against
  /// 0.032 from 60 Hz on), one up to 8000 Hz the band edge of every resampler.
  public init(
    sampleRate: Int32 = 16000, frame: Int32 = 400, hop: Int32 = 160, fft: Int32 = 512,
    bands: Int32 = 40, coefficients: Int32 = 40,
    minimumFrequency: Float = 60, maximumFrequency: Float = 7600,
    extras: Extras = .none, runningMeans: Int32 = 0
  ) {
    self.sampleRate = sampleRate
    self.frame = frame
    self.hop = hop
    self.fft = fft
    self.bands = bands
    self.coefficients = coefficients
    self.minimumFrequency = minimumFrequency
    self.maximumFrequency = maximumFrequency
    self.extras = extras
    self.runningMeans = runningMeans
  }
}

extension FrontEndDefinition {
  /// Definitions that no front end supports; each case carries the field's value.
  public enum Problem: Error, Equatable, Sendable {
    case sampleRate(Int32)
    case frame(Int32)
    case hop(Int32)
    case fft(Int32)
    case bands(Int32)
    case coefficients(Int32)
    case frequencies(minimum: Float, maximum: Float)
    case extras(UInt32)
    case runningMeans(Int32)
  }

  /// Throws for the first field outside the range that its declaration states.
  public func check() throws(Problem) {
    guard (8000...48000).contains(sampleRate) else { throw .sampleRate(sampleRate) }
    guard fft == 512 || fft == 1024 || fft == 2048 else { throw .fft(fft) }
    guard frame >= 16, frame <= fft, frame % 2 == 0 else { throw .frame(frame) }
    guard hop >= 1, hop <= frame else { throw .hop(hop) }
    guard (1...128).contains(bands) else { throw .bands(bands) }
    guard coefficients >= 1, coefficients <= bands else { throw .coefficients(coefficients) }
    guard minimumFrequency >= 0, minimumFrequency < maximumFrequency,
      maximumFrequency <= Float(sampleRate) / 2
    else { throw .frequencies(minimum: minimumFrequency, maximum: maximumFrequency) }
    guard extras.isKnown else { throw .extras(extras.rawValue) }
    guard runningMeans >= 0, runningMeans <= coefficients else {
      throw .runningMeans(runningMeans)
    }
  }

  /// Start of frame `frame` of a stream, in whole milliseconds. A hop need not be a whole number of
  /// them.
  public func milliseconds(ofFrame frame: Int) -> Int {
    frame * Int(hop) * 1000 / Int(sampleRate)
  }

  /// Index of the level in the raw vector: after the bands.
  public var levelIndex: Int { Int(bands) }

  /// The first bin at or above `frequency` Hz, at most one past the last.
  func firstBin(from frequency: Int) -> Int {
    min((frequency * Int(fft) + Int(sampleRate) - 1) / Int(sampleRate), complexPoints + 1)
  }

  /// Points of the complex transform by which the real one of `fft` points is computed.
  var complexPoints: Int { Int(fft) / 2 }

  /// Int32 values in the twiddle table: for each radix-4 pass over blocks of `n` points except the
  /// last, three complex factors for each of `n/4` butterflies.
  var twiddleCount: Int {
    var count = 0
    var length = complexPoints
    while length > 4 {
      count += 6 * (length / 4)
      length /= 4
    }
    return count
  }
}
