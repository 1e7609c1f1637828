import Acoustics

/// From raw vectors, less the talker's baseline, to a network's standardized inputs, in double precision: the oracle of
/// `Acoustics.FeatureMap`.
public struct FloatFeatureMap: Sendable {
  private let definition: FrontEndDefinition
  private let means: [Double]
  private let deviations: [Double]
  private let cosines: CosineTransform
  private var sums: [Double]
  private var frames = 0.0

  /// A map with one mean and one deviation for each of the definition's columns.
  public init(_ definition: FrontEndDefinition, means: [Double], deviations: [Double]) {
    self.definition = definition
    self.means = means
    self.deviations = deviations
    cosines = CosineTransform(
      bands: Int(definition.bands), coefficients: Int(definition.coefficients))
    sums = [Double](repeating: 0, count: Int(definition.runningMeans))
  }

  /// Values per frame.
  public var columns: Int { means.count }

  /// Forgets earlier frames, as at the start of a context.
  public mutating func restart() {
    frames = 0
    for index in sums.indices { sums[index] = 0 }
  }

  /// The standardized columns of the next frame: zero mean and unit deviation over the training speech.
  public mutating func map(_ raw: [Double]) -> [Double] {
    let cepstrum = cosines(raw)
    let direct = definition.directCount == 0 ? [] : Array(raw[Int(definition.bands)...])
    frames += 1
    let relative = sums.indices.map { index in
      let distance = cepstrum[index] - means[index]
      sums[index] += distance
      return distance - sums[index] / (frames + Double(FeatureMap.runningMeanPrior))
    }
    let columns = cepstrum + direct + relative
    return columns.indices.map { (columns[$0] - means[$0]) / deviations[$0] }
  }
}
