import Glibc

/// The resampler in double precision, every coefficient from its definition: the oracle of
/// `Acoustics.Resampler`.
///
/// Output n is Σ x[i] · h(n/16000 − i/rate) with h a sinc under a Kaiser window, divided by the sum
/// of h's values so that DC has unit gain. Samples beyond either end are taken as zero.
struct FloatResampler {
  /// The input sample rate.
  private let rate: Double
  /// Seconds on either side of the centre that the window covers.
  private let reach: Double
  /// The frequency at which the response falls to one half, in Hz.
  private let cutoff: Double
  /// The Kaiser window's β: 6.2 gives a stopband attenuation of 65 dB.
  private let beta = 6.2

  /// The filter of `Acoustics.Resampler`.
  init(rate: Int) {
    // Below 16 kHz the same filter is stretched to pass the input's own band.
    let stretch = min(1, Double(rate) / 16000)
    self.rate = Double(rate)
    reach = 0.001 / stretch
    cutoff = 8000 * stretch
  }

  /// All outputs that lie within `samples`, in LSB, not rounded.
  func convert(_ samples: [Int16]) -> [Double] {
    let count = Int(Double(samples.count) * 16000 / rate)
    let side = Int((reach * rate).rounded(.up))
    return (0..<count).map { n in
      let position = Double(n) * rate / 16000
      let centre = Int(position.rounded(.down))
      var (sum, total) = (0.0, 0.0)
      for index in centre - side + 1...centre + side {
        let h = response((position - Double(index)) / rate)
        total += h
        if samples.indices.contains(index) { sum += h * Double(samples[index]) }
      }
      return sum / total
    }
  }

  private func response(_ seconds: Double) -> Double {
    guard abs(seconds) < reach else { return 0 }
    let x = 2 * .pi * cutoff * seconds
    let ratio = seconds / reach
    return (x == 0 ? 1 : sin(x) / x) * bessel(beta * (1 - ratio * ratio).squareRoot())
  }

  /// The modified Bessel function I₀, by its power series.
  private func bessel(_ x: Double) -> Double {
    var (sum, term, k) = (1.0, 1.0, 1.0)
    while term > 1e-17 * sum {
      term *= (x / (2 * k)) * (x / (2 * k))
      sum += term
      k += 1
    }
    return sum
  }
}
