import Inference

/// What the `centre` operators of a float graph know of a talker, in double precision: the oracle of
/// the integer engine's `Centring`, which says what it means.
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
  /// Frames of the contexts of the segment at hand that are over.
  private var frames = 0.0
  /// Past segments, however many.
  private var known = 0.0

  /// Nobody, for the operators of `graph`.
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

  /// What operator `index`, a `centre`, takes from each channel; frozen while a segment lasts.
  public func offset(ofOperator index: Int) -> [Double] { centres[index]!.offset }

  /// A context of `frames` frames is over, of which `trace` is what was made last.
  public mutating func endContext(_ trace: FloatGraph.Trace, frames: Int) {
    for index in centres.keys {
      let row = trace.tensors[centres[index]!.input].values
      for (channel, value) in row.enumerated() {
        centres[index]!.pending[channel] += value * Double(frames)
      }
    }
    self.frames += Double(frames)
  }

  /// The segment is over; it joins the talker's past if it `isRemembered`.
  public mutating func endSegment(isRemembered: Bool) {
    let isRemembered = isRemembered && frames > 0
    for index in centres.keys {
      if isRemembered { centres[index]!.remember(frames: frames, known: known) }
      centres[index]!.forgetSegment()
    }
    frames = 0
    if isRemembered { known += 1 }
  }

  /// Another talker from here on, of whom nothing is known.
  public mutating func forget() {
    for index in centres.keys {
      centres[index]!.sum = centres[index]!.sum.map { _ in 0 }
      centres[index]!.offset = centres[index]!.offset.map { _ in 0 }
    }
    known = 0
    endSegment(isRemembered: false)
  }
}
