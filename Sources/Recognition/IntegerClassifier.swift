import Acoustics
import FixedPoint
import Inference

/// The device's classifier: MFCC and standardization in fixed point, then the int8 graph.
///
/// Frames are handed to the graph in blocks, because a block reads the weights once; the graph's
/// bytes do not depend on how its rows were grouped.
public struct IntegerClassifier: Classifier, ~Copyable {
  private var features: FeatureMap
  private var graph: Graph
  private let rows: UnsafeMutablePointer<Int8>
  private let width: Int
  private var waiting = 0

  /// A classifier over tables and a program that have been checked. `variant` must be available on
  /// this processor; all give the same bytes. The feature map uses instructions of the same kind.
  public init(
    _ tables: FeatureTables, program: Program, variant: KernelVariant = .best, arena: inout Arena
  ) {
    features = FeatureMap(tables, variant: variant.frontEnd, arena: &arena)
    graph = Graph(program, variant: variant, arena: &arena)
    width = Int(program.inputChannels)
    rows = arena.take(Int8.self, count: Graph.maximumRows * width)
  }

  /// Begins a segment: forgets every frame. Of a segment before it that never ended nothing is
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

  /// Writes the logits of the context so far, Q16 in units of ln 2, and leaves the context as it
  /// is.
  public mutating func decide(into logits: UnsafeMutablePointer<Int32>) {
    flush()
    graph.decide(into: logits)
  }

  /// Keeps what the network's layers said of the context, which was just judged.
  public mutating func endContext(frames: Int32) { graph.endContext(frames: frames) }

  /// Has the segment join what is known of the talker, if it `isRemembered`.
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
