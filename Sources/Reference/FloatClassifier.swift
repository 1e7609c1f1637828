import Recognition

/// The network as it was trained, in double precision, behind the device's own segmentation.
///
/// Takes the raw vectors that the int8 classifier takes, so that both judge the same frames and differ in the arithmetic
/// from there on: cosine transform, standardization and graph.
public struct FloatClassifier: Classifier {
  private let graph: FloatGraph
  private let cosines: CosineTransform
  private let means: [Double]
  private let deviations: [Double]
  private let temperature: Double
  private let bands: Int
  private var rows: FloatRows

  /// A classifier over a graph and the mean and deviation of each of its inputs; logits are divided by `temperature`.
  public init(
    _ graph: FloatGraph, bands: Int, means: [Double], deviations: [Double], temperature: Double
  ) {
    self.graph = graph
    self.bands = bands
    self.means = means
    self.deviations = deviations
    self.temperature = temperature
    cosines = CosineTransform(bands: bands, coefficients: means.count)
    rows = FloatRows(channels: means.count)
  }

  public mutating func restart() {
    rows.values.removeAll(keepingCapacity: true)
  }

  public mutating func push(_ frame: UnsafePointer<Int32>) {
    let coefficients = cosines((0..<bands).map { Double(frame[$0]) / 65_536 })
    for (index, coefficient) in coefficients.enumerated() {
      rows.values.append((coefficient - means[index]) / deviations[index])
    }
  }

  public mutating func decide(into logits: UnsafeMutablePointer<Int32>) {
    let log2e = 1.442_695_040_888_963_4
    for (index, logit) in graph.logits(rows).enumerated() {
      logits[index] = Int32(clamping: Int64((logit / temperature * log2e * 65_536).rounded()))
    }
  }
}
