import Acoustics
import Inference
import Recognition

/// The network as trained, in double precision, with the device's own segmentation.
///
/// Takes the same raw vectors as the int8 classifier, so that both judge the same frames and differ
/// only in the arithmetic that follows: cosine transform, standardization and graph.
public struct FloatClassifier: Classifier {
  private let graph: FloatGraph
  private let temperature: Double
  private let rawCount: Int
  private var features: FloatFeatureMap
  private var rows: FloatRows
  private var talker: FloatTalker
  /// The last decision.
  private var decided: FloatGraph.Trace?

  /// A classifier over a graph and the map to its inputs; logits are divided by `temperature`.
  public init(
    _ graph: FloatGraph, frontEnd: FrontEndDefinition, features: FloatFeatureMap,
    temperature: Double
  ) {
    self.graph = graph
    self.features = features
    self.temperature = temperature
    rawCount = frontEnd.rawCount
    rows = FloatRows(channels: frontEnd.columns)
    talker = FloatTalker(of: graph)
  }

  /// Begins a segment: forgets every frame, and any segment that was not ended.
  public mutating func restart() {
    talker.endSegment(isRemembered: false)
    features.restart()
    rows.values.removeAll(keepingCapacity: true)
  }

  /// Begins another context of the same segment: a window keeps its frames.
  public mutating func nextContext() {
    features.restart()
    let length = graph.operators.withUnsafeBufferPointer { Program.windowLength(of: $0) }
    rows.values.removeFirst(max(0, rows.values.count - length * rows.channels))
  }

  /// Takes the next frame, a raw vector less the baseline.
  public mutating func push(_ frame: UnsafePointer<Int32>) {
    rows.values += features.map((0..<rawCount).map { Double(frame[$0]) / 65_536 })
  }

  /// Writes the logits of the context so far, Q16 in units of ln 2, and leaves the context
  /// unchanged.
  public mutating func decide(into logits: UnsafeMutablePointer<Int32>) {
    let log2e = 1.442_695_040_888_963_4
    let trace = graph.trace(rows, talker)
    for (index, logit) in trace.logits.enumerated() {
      logits[index] = Int32(clamping: Int64((logit / temperature * log2e * 65_536).rounded()))
    }
    decided = trace
  }

  /// Keeps the output of the network's layers for the context, which was just judged.
  public mutating func endContext(frames: Int32) {
    if let decided { talker.endContext(decided, frames: Int(frames)) }
  }

  /// Adds the segment to what is known of the talker if it `isRemembered`.
  public mutating func endSegment(isRemembered: Bool) {
    talker.endSegment(isRemembered: isRemembered)
  }

  /// Forgets the talker.
  public mutating func forgetTalker() { talker.forget() }
}
