import Acoustics

/// Maps raw vectors, less the talker's baseline, to a network's standardized inputs, in double
/// precision: the oracle of `Acoustics.FeatureMap`.
public struct FloatFeatureMap: Sendable {
  private let definition: FrontEndDefinition
  private let means: [Double]
  private let deviations: [Double]
  private let cosines: CosineTransform
  private var sums: [Double]
  /// The last five coefficient vectors, oldest first, and the last five of their slopes.
  private var past: [[Double]] = []
  private var pastSlopes: [[Double]] = []
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
    (past, pastSlopes) = ([], [])
    for index in sums.indices { sums[index] = 0 }
  }

  /// The standardized columns of the next frame: zero mean and unit deviation over the training
  /// speech.
  public mutating func map(_ raw: [Double]) -> [Double] {
    let cepstrum = cosines(raw)
    let direct = Array(raw[..<definition.directBands]) + Array(raw[definition.directIndex...])
    frames += 1
    let relative = sums.indices.map { index in
      let distance = cepstrum[index] - means[index]
      sums[index] += distance
      return distance - sums[index] / (frames + Double(FeatureMap.runningMeanPrior))
    }
    let columns = cepstrum + direct + relative + slopes(cepstrum)
    return columns.indices.map { (columns[$0] - means[$0]) / deviations[$0] }
  }

  /// The slopes that the definition asks for after one more frame.
  private mutating func slopes(_ cepstrum: [Double]) -> [Double] {
    guard definition.extras.contains(.deltas) else { return [] }
    let slopes = FloatFeatureMap.slope(&past, cepstrum)
    guard definition.extras.contains(.deltaDeltas) else { return slopes }
    return slopes + FloatFeatureMap.slope(&pastSlopes, slopes)
  }

  /// The least-squares slope over the last five vectors; a context's first one is repeated before
  /// its start.
  private static func slope(_ past: inout [[Double]], _ values: [Double]) -> [Double] {
    past = past.isEmpty ? Array(repeating: values, count: 5) : past.suffix(4) + [values]
    let (oldest, older, newer, newest) = (past[0], past[1], past[3], past[4])
    return values.indices.map { index -> Double in
      let outer: Double = newest[index] - oldest[index]
      let inner: Double = newer[index] - older[index]
      return (2 * outer + inner) / 10
    }
  }
}
