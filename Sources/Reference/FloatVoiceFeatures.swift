import Acoustics
import Glibc

/// The voice features in double precision, straight from their table: the oracle of
/// `Acoustics.VoiceFeatures`.
public struct FloatVoiceFeatures: Sendable {
  /// cos(2πk·lag/fft): a row per lag, a column per bin of the band.
  public let lagCosines: [[Double]]
  /// One over the window's own autocorrelation at each lag, at most 1/0.3.
  public let lagGains: [Double]
  private let definition: FrontEndDefinition
  private let bins: VoiceBins

  /// The oracle for `definition` and its `window`.
  public init(_ definition: FrontEndDefinition, window: [Double]) {
    self.definition = definition
    let bins = VoiceBins(definition)
    self.bins = bins
    let rate = Double(definition.sampleRate)
    let ratio = VoiceFeatures.highestPitch / VoiceFeatures.lowestPitch
    let lags = (0..<VoiceFeatures.lagCount).map {
      rate / VoiceFeatures.highestPitch
        * pow(ratio, Double($0) / Double(VoiceFeatures.lagCount - 1))
    }
    lagCosines = lags.map { lag in
      (0..<bins.count).map { index in
        cos(2 * .pi * Double(bins.first + index) * lag / Double(definition.fft))
      }
    }
    lagGains = lags.map { 1 / max(0.3, FloatVoiceFeatures.autocorrelation(window, at: $0)) }
  }

  /// A window's autocorrelation relative to lag 0, interpolated linearly between whole lags.
  private static func autocorrelation(_ window: [Double], at lag: Double) -> Double {
    func whole(_ lag: Int) -> Double {
      zip(window, window.dropFirst(lag)).reduce(0) { $0 + $1.0 * $1.1 }
    }
    let below = Int(lag)
    let fraction = lag - Double(below)
    return ((1 - fraction) * whole(below) + fraction * whole(below + 1)) / whole(0)
  }

  /// The values of one frame from its power spectrum in LSB² and its samples; `last` carries the
  /// compressed spectrum from frame to frame.
  func values(_ power: [Double], samples: [Double], last: inout [Double]?) -> [Double] {
    let floor = Double(VoiceFeatures.binFloor)
    let band = power[bins.first..<bins.first + bins.count].map { $0 + floor }
    let roots = band.map { pow($0, 0.35) }
    let sum = roots.reduce(0, +)
    let shares = roots.map { $0 / sum }
    let map = zip(lagCosines, lagGains).map { cosines, gain in
      gain * zip(cosines, shares).reduce(0) { $0 + $1.0 * $1.1 }
    }
    let peak = map.max()!
    let bounded = min(max(peak, 0.02), 0.98)
    let voicing = 1 / (1 + exp(-12 * (peak - 0.45)))
    let flux = zip(shares, last ?? shares).reduce(0) { $0 + pow($1.0 - $1.1, 2) }
    last = shares
    let flatness =
      band.reduce(0) { $0 + log($1) } / Double(band.count)
      - log(band.reduce(0, +) / Double(band.count))
    return map + [
      pitchLogarithm(map) * voicing, voicing, peak, FloatVoiceFeatures.crossings(samples),
      centroid(power, floor: 1000 * floor), 10 * flux.squareRoot(), flatness,
      slope(power, floor: 100 * floor), log(bounded / (1 - bounded)),
    ]
  }

  /// ln(F0/200 Hz) of the vertex of the parabola at the peak.
  private func pitchLogarithm(_ map: [Double]) -> Double {
    let best = min(max(map.firstIndex(of: map.max()!)!, 1), map.count - 2)
    let (before, here, after) = (map[best - 1], map[best], map[best + 1])
    let offset = 0.5 * (before - after) / min(before - 2 * here + after, -1e-6)
    let position = Double(best) + min(max(offset, -1), 1)
    let ratio = VoiceFeatures.highestPitch / VoiceFeatures.lowestPitch
    return log(VoiceFeatures.highestPitch / 200)
      - position * log(ratio) / Double(VoiceFeatures.lagCount - 1)
  }

  /// Crossings of the mean per pair of neighbouring samples.
  static func crossings(_ samples: [Double]) -> Double {
    let mean = samples.reduce(0, +) / Double(samples.count)
    let below = samples.map { $0 < mean }
    return Double(zip(below, below.dropFirst()).filter { $0 != $1 }.count)
      / Double(samples.count - 1)
  }

  private func frequency(_ bin: Int) -> Double {
    Double(bin) * Double(definition.sampleRate) / Double(definition.fft)
  }

  private func centroid(_ power: [Double], floor: Double) -> Double {
    power.indices.reduce(0) { $0 + frequency($1) / 1000 * power[$1] } / (power.reduce(0, +) + floor)
  }

  private func slope(_ power: [Double], floor: Double) -> Double {
    func sum(_ range: Range<Double>) -> Double {
      power.indices.filter { range.contains(frequency($0)) }.reduce(floor) { $0 + power[$1] }
    }
    return log(sum(1000..<5000)) - log(sum(61..<1000))
  }
}
