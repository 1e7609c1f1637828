import Inference
import Reference

/// Runs a float network over contexts and learns the ranges of all tensors and of the cells of
/// LSTMs.
struct Calibration: Sendable {
  /// By tensor index; values are divided by their channel's gain.
  private(set) var histograms: [ActivationHistogram]
  /// By operator: the largest magnitude of an LSTM's cell; 0 for all others.
  private(set) var largestCells: [Double]

  private let gains: ChannelGains

  /// An empty calibration of a graph whose channels will be divided by `gains`.
  init(_ graph: FloatGraphDescription, gains: ChannelGains) {
    self.gains = gains
    histograms = Array(repeating: ActivationHistogram(), count: graph.tensors.count)
    largestCells = Array(repeating: 0, count: graph.operators.count)
  }

  /// Adds the graph's values for another context.
  mutating func add(_ trace: FloatGraph.Trace) {
    for (index, rows) in trace.tensors.enumerated() {
      for row in 0..<rows.count {
        for (value, gain) in zip(rows[row], gains.gains[index]) {
          histograms[index].add(value / gain)
        }
      }
    }
    for (index, cell) in trace.greatestCells.enumerated() {
      largestCells[index] = max(largestCells[index], cell)
    }
  }

  /// Adds all that `other`, of the same graph, has seen.
  mutating func add(_ other: Calibration) {
    for index in histograms.indices { histograms[index].add(other.histograms[index]) }
    for index in largestCells.indices {
      largestCells[index] = max(largestCells[index], other.largestCells[index])
    }
  }

  /// The result that a conversion needs.
  var result: CalibrationResult {
    CalibrationResult(ranges: histograms.map(\.range), largestCells: largestCells)
  }
}
