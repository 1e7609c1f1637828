import Reference

/// A float network that hears contexts one after the other, as `eval` does, and remembers their
/// talkers.
struct FloatSession {
  private let network: FloatNetwork
  private var talker: FloatTalker

  /// A network that knows nobody yet.
  init(_ network: FloatNetwork) {
    self.network = network
    talker = FloatTalker(of: network.graph)
  }

  /// All that the network makes of the next context.
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
