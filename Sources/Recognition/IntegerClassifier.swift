import Acoustics
import FixedPoint
import Inference

/// The device's classifier: MFCC and standardization in fixed point, then the int8 graph.
///
/// Frames are handed to the graph in blocks, so that the weights are read once per block; the
/// graph's results do not depend on the grouping of rows.
public struct IntegerClassifier: Classifier, ~Copyable {
  private var features: FeatureMap
  private var graph: Graph
  private let rows: UnsafeMutablePointer<Int8>
  private let width: Int
  private var waiting = 0

  /// A classifier over a checked program and tables. `variant` must be available on this processor;
  /// all give the same bytes. The feature map uses instructions of the same kind.
  public init(
    _ tables: FeatureTables, program: Program, variant: KernelVariant = .best, arena: inout Arena
  ) {
    features = FeatureMap(tables, variant: variant.frontEnd, arena: &arena)
    graph = Graph(program, variant: variant, arena: &arena)
    width = Int(program.inputChannels)
    rows = arena.take(Int8.self, count: Graph.maximumRows * width)
  }

  /// Begins a segment: forgets every frame. A previous segment that was not ended is not
  /// remembered.
  public mutating func restart() {
    waiting = 0
    features.restart()
    graph.restart()
    graph.endSegment(isRemembered: false)
  }

  /// Begins another context of the same segment: a window keeps its frames.
  public mutating func nextContext() {
    flush()
    features.restart()
    graph.nextContext()
  }

  /// Takes the next frame, a raw vector less the baseline.
  public mutating func push(_ frame: UnsafePointer<Int32>) {
    features.map(frame, into: rows + waiting &* width)
    waiting &+= 1
    if waiting == Graph.maximumRows { flush() }
  }

  /// Writes the logits of the context so far, Q16 in units of ln 2, and leaves the context
  /// unchanged.
  public mutating func decide(into logits: UnsafeMutablePointer<Int32>) {
    flush()
    graph.decide(into: logits)
  }

  /// Keeps the output of the network's layers for the context, which was just judged.
  public mutating func endContext(frames: Int32) { graph.endContext(frames: frames) }

  /// Adds the segment to what is known of the talker if it `isRemembered`.
  public mutating func endSegment(isRemembered: Bool) {
    graph.endSegment(isRemembered: isRemembered)
  }

  /// Forgets the talker.
  public mutating func forgetTalker() { graph.forgetTalker() }

  private mutating func flush() {
    guard waiting > 0 else { return }
    graph.push(rows, count: waiting)
    waiting = 0
  }
}
