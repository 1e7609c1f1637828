import Acoustics
import Glibc
import Reference

/// A float model from raw vectors to logits, in double precision: the reference for the int8 one.
struct FloatNetwork: Sendable {
  /// Values in a raw vector.
  let rawCount: Int
  private let featureMap: FloatFeatureMap
  private let temperature: Double
  /// The graph as trained.
  let graph: FloatGraph
  /// The label of each class, as an index into the distinct labels.
  private let labelOfClass: [Int]

  /// The network of `model`; `graph`, if given, replaces the model's own and must compute the same.
  init(_ model: FloatModel, graph: FloatGraphDescription? = nil) {
    let graph = graph ?? model.graph
    rawCount = model.frontEnd.rawCount
    featureMap = model.featureMap
    temperature = model.temperature
    self.graph = FloatGraph(
      operators: graph.operators, tensors: graph.tensors, parameters: graph.parameters)
    let labels = model.classes.map(\.label)
    labelOfClass = labels.map { labels.firstIndex(of: $0)! }
  }

  /// The standardized features of a context's `frames`: raw vectors less a baseline, Q16, one after
  /// the other.
  func features(_ frames: [Int32]) -> FloatRows {
    var map = featureMap
    map.restart()
    let rows = stride(from: 0, to: frames.count, by: rawCount).map { start in
      map.map(frames[start..<start + rawCount].map { Double($0) * 0x1p-16 })
    }
    return FloatRows(channels: map.columns, values: rows.flatMap { $0 })
  }

  /// The values of all tensors for a context, spoken by `talker` or by an unknown talker.
  func trace(_ frames: [Int32], _ talker: FloatTalker? = nil) -> FloatGraph.Trace {
    graph.trace(features(frames), talker)
  }

  /// Log odds (natural) of the classes, after the temperature.
  func logits(_ trace: FloatGraph.Trace) -> [Double] {
    trace.logits.map { $0 / temperature }
  }

  /// The most likely label, as the index of the first class that maps to it; classes of one label
  /// are summed.
  func label(of logits: [Double]) -> Int {
    let greatest = logits.max() ?? 0
    var odds = [Double](repeating: 0, count: logits.count)
    for (index, logit) in logits.enumerated() { odds[labelOfClass[index]] += exp(logit - greatest) }
    return odds.indices.reduce(0) { odds[$1] > odds[$0] ? $1 : $0 }
  }
}
