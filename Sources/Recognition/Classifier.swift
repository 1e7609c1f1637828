/// Judges one context: a stretch of frames from a restart on.
///
/// The path from samples to segments and contexts is the same for every classifier, so that the
/// float network and the int8 one are compared on the same frames: `IntegerClassifier` runs on the
/// device, a double-precision one in `Reference`.
public protocol Classifier: ~Copyable {
  /// Begins a new segment with its first context: resets state, histories and pools. What is known
  /// of the talker stays.
  mutating func restart()

  /// Begins another context of the same segment. A classifier that keeps a window of past frames
  /// keeps it; for all others this is a restart.
  mutating func nextContext()

  /// Takes the next frame of the context: a raw vector less the talker's baseline, Q16.
  mutating func push(_ frame: UnsafePointer<Int32>)

  /// Judges the context so far into `logits`, one a class, in Q16 of log2: `2^(logit/65536)` is the
  /// class's odds. The context goes on undisturbed.
  mutating func decide(into logits: UnsafeMutablePointer<Int32>)

  /// Ends the current context after `frames` frames, all of which were just judged.
  mutating func endContext(frames: Int32)

  /// Ends the current segment, whose contexts are those that ended since it began. It joins the
  /// talker's past if it `isRemembered`.
  mutating func endSegment(isRemembered: Bool)

  /// Another talker from here on, still unknown. May come before the first context.
  mutating func forgetTalker()
}

extension Classifier where Self: ~Copyable {
  /// Restarts.
  public mutating func nextContext() { restart() }

  /// Learns nothing.
  public mutating func endContext(frames: Int32) {}

  /// Learns nothing.
  public mutating func endSegment(isRemembered: Bool) {}

  /// Knew nothing.
  public mutating func forgetTalker() {}
}
