import Acoustics
import Glibc

/// The triangles of a mel filter bank, in double precision.
///
/// Mel is 2595 · log₁₀(1 + f/700). The bands' corners are equally spaced on this scale from the
/// definition's lowest to its highest frequency; each triangle rises from its left neighbour's
/// centre to 1 at its own and falls to its right neighbour's. Where bands are narrower than the
/// bins of the transform, a side is widened to one bin, so that no band is empty.
public struct MelFilterBank: Sendable {
  /// One triangle: the weights of the bins from `firstBin` on, all positive.
  public struct Band: Sendable {
    /// The first bin with a positive weight.
    public let firstBin: Int
    /// The weights from that bin on, at most 1.
    public let weights: [Double]
  }

  /// From the lowest band up.
  public let bands: [Band]

  /// The filter bank of `definition`; a `warp` other than 1 shifts it as a longer or shorter vocal
  /// tract would shift the formants.
  public init(_ definition: FrontEndDefinition, warp: Double = 1) {
    let count = Int(definition.bands)
    let lowest = MelFilterBank.mel(Double(definition.minimumFrequency))
    let highest = MelFilterBank.mel(Double(definition.maximumFrequency))
    let nyquist = Double(definition.sampleRate) / 2
    let corners = (0..<count + 2).map { index in
      let mel = lowest + (highest - lowest) * Double(index) / Double(count + 1)
      return MelFilterBank.warped(MelFilterBank.hertz(mel), by: warp, nyquist: nyquist)
    }
    let binWidth = Double(definition.sampleRate) / Double(definition.fft)
    bands = (0..<count).map { index in
      let centre = corners[index + 1]
      let left = min(corners[index], centre - binWidth)
      let right = max(corners[index + 2], centre + binWidth)
      let weights = (0...Int(definition.fft) / 2).map { bin in
        let frequency = Double(bin) * binWidth
        return max(
          0, min((frequency - left) / (centre - left), (right - frequency) / (right - centre)))
      }
      let firstBin = weights.firstIndex { $0 > 0 }!
      let lastBin = weights.lastIndex { $0 > 0 }!
      return Band(firstBin: firstBin, weights: Array(weights[firstBin...lastBin]))
    }
  }

  /// The energy of each band in a power spectrum of fft/2 + 1 bins.
  public func energies(_ power: [Double]) -> [Double] {
    bands.map { band in
      zip(band.weights, power[band.firstBin...]).reduce(0) { $0 + $1.0 * $1.1 }
    }
  }

  static func mel(_ frequency: Double) -> Double { 2595 * log10(1 + frequency / 700) }
  static func hertz(_ mel: Double) -> Double { 700 * (pow(10, mel / 2595) - 1) }

  /// Vocal-tract-length perturbation: frequencies scaled by `factor` up to 0.6 of the Nyquist
  /// frequency, then linearly to the Nyquist frequency, which is fixed.
  ///
  /// Source: Jaitly & Hinton, Vocal Tract Length Perturbation improves speech recognition, 2013.
  static func warped(_ frequency: Double, by factor: Double, nyquist: Double) -> Double {
    let knee = 0.6 * nyquist * min(factor, 1)
    let boundary = knee / factor
    if frequency <= boundary { return frequency * factor }
    return nyquist - (nyquist - knee) / (nyquist - boundary) * (nyquist - frequency)
  }
}
