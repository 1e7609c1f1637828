import Acoustics
import Glibc

/// The front end in double precision, in the plainest correct code: the oracle of
/// `Acoustics.FrontEnd`.
public struct FloatFrontEnd: Sendable {
  /// What it computes.
  public let definition: FrontEndDefinition
  /// The window: periodic Hann.
  public let window: [Double]
  /// The mel triangles.
  public let melBank: MelFilterBank
  /// The least energy of each band in LSB²: that of rounding to int16.
  public let floors: [Double]
  /// The voice features, if the definition has them.
  public let voice: FloatVoiceFeatures?
  /// Pitch classes and tonnetz, if the definition has either.
  public let chroma: FloatChroma?
  private let contrast: FloatSpectralContrast
  private let transform: RealTransform

  /// The oracle for `definition`, which must have passed its check.
  public init(_ definition: FrontEndDefinition, warp: Double = 1) {
    self.definition = definition
    let frame = Int(definition.frame)
    window = (0..<frame).map { 0.5 - 0.5 * cos(2 * .pi * Double($0) / Double(frame)) }
    melBank = MelFilterBank(definition, warp: warp)
    // Rounding to int16 adds noise of power 1/12, of which a window passes Σw² into each bin.
    let noise = window.reduce(0) { $0 + $1 * $1 } / 12
    floors = melBank.bands.map { $0.weights.reduce(0, +) * noise }
    voice =
      definition.extras.contains(.voice)
      ? FloatVoiceFeatures(definition, window: window) : nil
    chroma =
      definition.extras.contains(.chroma) || definition.extras.contains(.tonnetz)
      ? FloatChroma(definition) : nil
    contrast = FloatSpectralContrast(definition)
    transform = RealTransform(count: Int(definition.fft))
  }

  /// The raw vectors of all complete frames: natural logarithms of the mel energies in LSB², then
  /// of the level, then the extras.
  public func raw(_ samples: [Int16]) -> [[Double]] {
    let starts = stride(
      from: 0, through: samples.count - Int(definition.frame), by: Int(definition.hop))
    var lastRoots: [Double]?
    return starts.map { start in
      let frame = samples[start..<start + Int(definition.frame)].map(Double.init)
      let power = transform.power(zip(frame, window).map(*))
      let logarithms = zip(melBank.energies(power), floors).map { log(max($0, $1)) }
      let voice = voice?.values(power, samples: frame, last: &lastRoots) ?? []
      return logarithms + [level(frame)] + voice + others(power, frame)
    }
  }

  private func level(_ frame: [Double]) -> Double { log(max(variance(frame), 1.0 / 12)) }

  private func variance(_ frame: [Double]) -> Double {
    let mean = frame.reduce(0, +) / Double(frame.count)
    return frame.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(frame.count)
  }

  /// The extras after the voice features, in their order.
  private func others(_ power: [Double], _ frame: [Double]) -> [Double] {
    let extras = definition.extras
    let energies = chroma?.energies(power) ?? []
    var values: [Double] = []
    if extras.contains(.zeroCrossings) { values += [FloatVoiceFeatures.crossings(frame)] }
    // In 64ths of full scale.
    if extras.contains(.rootMeanSquare) { values += [variance(frame).squareRoot() / 512] }
    if let chroma, extras.contains(.chroma) { values += chroma.classes(energies) }
    if extras.contains(.contrast) { values += contrast.values(power) }
    if let chroma, extras.contains(.tonnetz) { values += chroma.place(energies) }
    return values
  }
}
