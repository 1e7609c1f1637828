import Reference

/// A float network that processes contexts in sequence, as `eval` does, and remembers their
/// talkers.
struct FloatSession {
  private let network: FloatNetwork
  private var talker: FloatTalker

  /// A network to which all talkers are unknown.
  init(_ network: FloatNetwork) {
    self.network = network
    talker = FloatTalker(of: network.graph)
  }

  /// The values of all tensors for the next context.
  mutating func trace(_ context: PlacedContext) -> FloatGraph.Trace {
    if context.place.beginsTalker { talker.forget() }
    let trace = network.trace(context.frames, talker)
    talker.endContext(trace, frames: context.frames.count / network.rawCount)
    if let ending = context.place.ending {
      talker.endSegment(isRemembered: ending.isRemembered)
    }
    return trace
  }
}
