import Inference
import ModelFile
import Reference

/// Accumulates the differences between the int8 and the float network, context by context.
struct Comparison {
  /// By tensor index, without the logits.
  private(set) var tensors: [SignalToNoise]
  /// For the logits, less the mean of each decision: a shift of all of them changes no score.
  private(set) var logits = SignalToNoise()
  /// Contexts with the same most likely label.
  private(set) var equal = 0
  /// Contexts compared.
  private(set) var contexts = 0
  /// The labels that the float network gave, each as the first class that maps to it.
  private(set) var labels: Set<Int> = []
  /// A sample of the logits.
  private(set) var pairs: [QuantizationReport.LogitPair] = []

  private static let maximumPairs = 3000

  init(tensorCount: Int) {
    tensors = Array(repeating: SignalToNoise(), count: tensorCount - 1)
  }

  /// Adds both results for one context: tensors of the converted graph, logits of `network`, as
  /// trained.
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
    let label = network.label(of: logits)
    labels.insert(label)
    if label == network.label(of: found.logits) { equal += 1 }
  }

  /// Adds all that `other`, of the same graph, has seen.
  mutating func add(_ other: Comparison) {
    for index in tensors.indices { tensors[index].add(other.tensors[index]) }
    logits.add(other.logits)
    equal += other.equal
    contexts += other.contexts
    labels.formUnion(other.labels)
    pairs += other.pairs.prefix(Comparison.maximumPairs - pairs.count)
  }

  /// Fewer contexts than this may well be of one label.
  private static let leastContextsOfOneLabel = 20

  /// The label that the float network gave in all contexts; nil if it gave others too, or if there
  /// are few contexts.
  ///
  /// A network that answers one thing to everything agrees with any conversion of it, so that the
  /// gate says nothing of such a one.
  var onlyLabel: Int? {
    contexts >= Comparison.leastContextsOfOneLabel && labels.count == 1 ? labels.first : nil
  }

  /// Share of contexts with the same most likely label.
  var agreement: Double { contexts == 0 ? 0 : Double(equal) / Double(contexts) }
}
