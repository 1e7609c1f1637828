/// What a stream has to say, in frames of the front end's hop counted from the stream's first one.
///
/// Plain bytes, so that it can cross from one thread to another through a ring.
public enum RecognitionEvent: BitwiseCopyable, Sendable {
  /// Speech was detected at `speech`, which lies in the past by the confirmation; the segment
  /// begins at `start`, by the preroll before that.
  case speechStart(segment: UInt32, start: Int64, speech: Int64)
  /// The network's judgement, interim or final.
  case decision(Decision)
  /// The segment is over; `end` is the frame after its last, `speech` the frame after its last
  /// speech.
  case speechEnd(segment: UInt32, start: Int64, end: Int64, speech: Int64)
}

/// A judgement on a segment: what the network makes of it, so far or in all.
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
  /// Whether it is the final one, or an interim one that the model's own cadence has; false of those that
  /// are made only because somebody wants more of them.
  public var isOwn: Bool
  /// One a class, Q16 of log2, less the talker's bias. Of a final decision: the mean over its
  /// contexts, weighted by frames.
  public var logits: Logits
  /// Mean level of the segment's speech frames so far: natural log of mean square in LSB², Q16.
  public var level: Int32
}

/// Logits of up to 16 classes, Q16 of log2.
public struct Logits: BitwiseCopyable, Sendable {
  /// The most classes a model may have.
  public static let maximumCount = 16

  /// Of each class; beyond the model's own classes, 0.
  public var values = InlineArray<16, Int32>(repeating: 0)

  /// All zero: every class as likely as any.
  public init() {}

  /// A copy of `count` ≤ 16 logits.
  public init(_ logits: UnsafePointer<Int32>, count: Int) {
    for index in 0..<count { values[index] = logits[index] }
  }
}
