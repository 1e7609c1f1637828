/// An event of a stream, with times in frames of the front end's hop counted from the stream's
/// first.
///
/// Plain bytes, so that it can pass between threads through a ring buffer.
public enum RecognitionEvent: BitwiseCopyable, Sendable {
  /// Speech was detected at `speech`, which lies in the past by the confirmation time; the segment
  /// begins at `start`, earlier by the preroll.
  case speechStart(segment: UInt32, start: Int64, speech: Int64)
  /// The network's decision, interim or final.
  case decision(Decision)
  /// The segment is over; `end` is the frame after its last, `speech` the frame after its last
  /// speech.
  case speechEnd(segment: UInt32, start: Int64, end: Int64, speech: Int64)
}

/// A decision on a segment: the network's result so far, or for all of it.
public struct Decision: BitwiseCopyable, Sendable {
  /// Which segment, counted from 1.
  public var segment: UInt32
  /// First frame judged: of the context for an interim decision, of the segment for the final one.
  public var start: Int64
  /// The frame after the last one judged.
  public var end: Int64
  /// Past segments in the talker's baseline.
  public var baseline: Int32
  /// Whether this is the one final decision on the segment.
  public var isFinal: Bool
  /// Whether it is final, or an interim decision at the model's own cadence; false for the
  /// additional ones that a client asked for.
  public var isOwn: Bool
  /// One logit per class, Q16 of log2: the network's (in a final decision the mean over its
  /// contexts, weighted by frames) less the talker's bias, times the gain for known talkers.
  public var logits: Logits
  /// Mean level of the segment's speech frames so far: natural log of mean square in LSB², Q16.
  public var level: Int32
}

/// Logits of up to 16 classes, Q16 of log2.
public struct Logits: BitwiseCopyable, Sendable {
  /// The most classes a model may have.
  public static let maximumCount = 16

  /// One per class; 0 beyond the model's own classes.
  public var values = InlineArray<16, Int32>(repeating: 0)

  /// All zero: every class equally likely.
  public init() {}

  /// A copy of `count` ≤ 16 logits.
  public init(_ logits: UnsafePointer<Int32>, count: Int) {
    for index in 0..<count { values[index] = logits[index] }
  }
}
