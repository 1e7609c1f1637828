import Inference

/// The state of the `centre` operators of a float graph for a talker, in double precision: the
/// oracle of the integer engine's `Centring`, which explains it.
public struct FloatTalker: Sendable {
  private struct Centre {
    let input: Int
    let amount: [Double]
    let mean: [Double]
    let prior: Double
    let segments: Double
    var pending: [Double]
    var sum: [Double]
    var offset: [Double]

    mutating func forgetSegment() { pending = pending.map { _ in 0 } }

    mutating func remember(frames: Double, known: Double) {
      let fading = known < segments ? 1 : segments / (segments + 1)
      for channel in sum.indices {
        sum[channel] = (sum[channel] + pending[channel] / frames - mean[channel]) * fading
        offset[channel] = amount[channel] * sum[channel] / (min(known + 1, segments) + prior)
      }
    }
  }

  /// By operator.
  private var centres: [Int: Centre] = [:]
  /// Frames of the current segment's finished contexts.
  private var frames = 0.0
  /// Number of past segments, without a limit.
  private var known = 0.0

  /// An unknown talker, for the operators of `graph`.
  public init(of graph: FloatGraph) {
    for (index, step) in graph.operators.enumerated() {
      guard case .centre(let amount, let mean, let prior, let segments) = graph.parameters[index]
      else { continue }
      let zeros = [Double](repeating: 0, count: mean.count)
      centres[index] = Centre(
        input: Int(step.inputs[0]), amount: amount, mean: mean, prior: Double(prior),
        segments: Double(segments), pending: zeros, sum: zeros, offset: zeros)
    }
  }

  /// What operator `index`, a `centre`, subtracts from each channel; constant during a segment.
  public func offset(ofOperator index: Int) -> [Double] { centres[index]!.offset }

  /// Ends a context of `frames` frames, whose last values are in `trace`.
  public mutating func endContext(_ trace: FloatGraph.Trace, frames: Int) {
    for index in centres.keys {
      let row = trace.tensors[centres[index]!.input].values
      for (channel, value) in row.enumerated() {
        centres[index]!.pending[channel] += value * Double(frames)
      }
    }
    self.frames += Double(frames)
  }

  /// Ends the segment, which joins the talker's past if it `isRemembered`.
  public mutating func endSegment(isRemembered: Bool) {
    let isRemembered = isRemembered && frames > 0
    for index in centres.keys {
      if isRemembered { centres[index]!.remember(frames: frames, known: known) }
      centres[index]!.forgetSegment()
    }
    frames = 0
    if isRemembered { known += 1 }
  }

  /// Another talker from here on, still unknown.
  public mutating func forget() {
    for index in centres.keys {
      centres[index]!.sum = centres[index]!.sum.map { _ in 0 }
      centres[index]!.offset = centres[index]!.offset.map { _ in 0 }
    }
    known = 0
    endSegment(isRemembered: false)
  }
}
