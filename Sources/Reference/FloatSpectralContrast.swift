import Acoustics
import Glibc

/// Spectral contrast in double precision, from its definition: the oracle of
/// `Acoustics.SpectralContrast`.
struct FloatSpectralContrast: Sendable {
  private let definition: FrontEndDefinition

  init(_ definition: FrontEndDefinition) {
    self.definition = definition
  }

  /// The seven values of a power spectrum.
  func values(_ power: [Double]) -> [Double] {
    let floor = Double(SpectralFloor.perSample) * Double(definition.frame)
    let width = Double(definition.sampleRate) / Double(definition.fft)
    return (0..<SpectralContrast.bandCount).map { band in
      let isLast = band == SpectralContrast.bandCount - 1
      let edge = Double(SpectralContrast.lowestEdge)
      let low = band == 0 ? 0 : edge * pow(2, Double(band - 1))
      let high = edge * pow(2, Double(band))
      var bins = power.indices.filter {
        Double($0) * width >= low && (isLast || Double($0) * width <= high)
      }
      if band > 0 { bins.insert(bins[0] - 1, at: 0) }
      let quantile = max(1, Int((0.02 * Double(bins.count)).rounded(.toNearestOrEven)))
      if !isLast { bins.removeLast() }
      let sorted = bins.map { (power[$0] + floor).squareRoot() }.sorted()
      return log(sorted.suffix(quantile).reduce(0, +)) - log(sorted.prefix(quantile).reduce(0, +))
    }
  }
}
