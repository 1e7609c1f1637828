import Reference

/// The smallest and largest value of every channel of every tensor over the calibration contexts.
struct ChannelRanges: Sendable {
  /// By tensor, then channel; nil for tensors without any rows so far.
  private(set) var ranges: [[ClosedRange<Double>?]]
  /// The first tensor, by index, that contained infinities or NaN.
  private(set) var firstUnbounded: Int?

  /// Nothing seen of a graph.
  init(_ graph: FloatGraphDescription) {
    ranges = graph.tensors.map { Array(repeating: nil, count: Int($0.channels)) }
  }

  /// Adds the graph's values for another context.
  mutating func add(_ trace: FloatGraph.Trace) {
    for (index, rows) in trace.tensors.enumerated() {
      for row in 0..<rows.count {
        for (channel, value) in rows[row].enumerated() {
          if value.isFinite {
            widen(index, channel, value...value)
          } else {
            firstUnbounded = min(firstUnbounded ?? index, index)
          }
        }
      }
    }
  }

  /// Adds all that `other`, of the same graph, has seen.
  mutating func add(_ other: ChannelRanges) {
    for (index, channels) in other.ranges.enumerated() {
      for case (let channel, let range?) in channels.enumerated() {
        widen(index, channel, range)
      }
    }
    if let tensor = other.firstUnbounded { firstUnbounded = min(firstUnbounded ?? tensor, tensor) }
  }

  /// The largest magnitude in a channel.
  func peak(_ tensor: Int, _ channel: Int) -> Double {
    guard let range = ranges[tensor][channel] else { return 0 }
    return max(-range.lowerBound, range.upperBound)
  }

  /// The span of a tensor from its smallest to its largest value, zero included, when its channels
  /// are divided by `gains`.
  func width(_ tensor: Int, dividedBy gains: [Double]) -> Double {
    var (lower, upper) = (0.0, 0.0)
    for case (let range?, let gain) in zip(ranges[tensor], gains) {
      lower = min(lower, range.lowerBound / gain)
      upper = max(upper, range.upperBound / gain)
    }
    return upper - lower
  }

  private mutating func widen(_ tensor: Int, _ channel: Int, _ range: ClosedRange<Double>) {
    guard let known = ranges[tensor][channel] else {
      ranges[tensor][channel] = range
      return
    }
    guard range.lowerBound < known.lowerBound || range.upperBound > known.upperBound else { return }
    ranges[tensor][channel] =
      min(known.lowerBound, range.lowerBound)...max(known.upperBound, range.upperBound)
  }
}
