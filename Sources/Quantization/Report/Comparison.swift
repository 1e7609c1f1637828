import Inference
import ModelFile
import Reference

/// Adds up where the int8 network differs from the float one, context by context.
struct Comparison {
  /// Of each tensor but the logits, by index.
  private(set) var tensors: [SignalToNoise]
  /// Of the logits, the mean of each decision removed: a shift of all of them changes no score.
  private(set) var logits = SignalToNoise()
  /// Contexts with the same most likely label.
  private(set) var equal = 0
  /// Contexts compared.
  private(set) var contexts = 0
  /// Some of the logits.
  private(set) var pairs: [QuantizationReport.LogitPair] = []

  private static let maximumPairs = 3000

  init(tensorCount: Int) {
    tensors = Array(repeating: SignalToNoise(), count: tensorCount - 1)
  }

  /// Takes what both made of one context: tensors of the graph that was converted, logits of
  /// `network`, as it was trained.
  mutating func add(
    _ expected: FloatGraph.Trace, _ logits: [Double], of network: FloatNetwork,
    _ found: IntegerTrace, _ conversion: GraphConversion
  ) {
    for index in tensors.indices {
      let grid = conversion.grids[index]
      let gains = conversion.gains.gains[index]
      for (position, value) in expected.tensors[index].values.enumerated() {
        let real = grid.real(found.codes[index][position])
        tensors[index].add(value, real * gains[position % gains.count])
      }
    }
    let shift = logits.reduce(0, +) / Double(logits.count)
    let foundShift = found.logits.reduce(0, +) / Double(logits.count)
    for (float, integer) in zip(logits, found.logits) {
      self.logits.add(float - shift, integer - foundShift)
      if pairs.count < Comparison.maximumPairs {
        pairs.append(.init(float: float - shift, integer: integer - foundShift))
      }
    }
    contexts += 1
    if network.label(of: logits) == network.label(of: found.logits) { equal += 1 }
  }

  /// Takes all that `other`, of the same graph, was given.
  mutating func add(_ other: Comparison) {
    for index in tensors.indices { tensors[index].add(other.tensors[index]) }
    logits.add(other.logits)
    equal += other.equal
    contexts += other.contexts
    pairs += other.pairs.prefix(Comparison.maximumPairs - pairs.count)
  }

  /// Share of contexts with the same most likely label.
  var agreement: Double { contexts == 0 ? 0 : Double(equal) / Double(contexts) }
}
