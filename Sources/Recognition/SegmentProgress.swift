import FixedPoint

/// What has been accumulated of the current segment.
struct SegmentProgress {
  /// The stream's frame at which it begins.
  var start: Int64 = 0
  /// Frames so far.
  var frames: Int64 = 0
  /// Frames so far of the current context.
  var contextFrames: Int32 = 0

  /// The frame after the last speech frame so far.
  private(set) var speechEnd: Int64 = 0

  private var sums = InlineArray<16, Int64>(repeating: 0)
  private var weight: Int64 = 0
  private var levelSum: Int64 = 0
  private var speechFrames: Int64 = 0

  init(start: Int64 = 0) {
    self.start = start
  }

  /// Records that the last frame was speech of this level.
  mutating func addSpeech(level: Int32) {
    speechEnd = start &+ frames
    levelSum &+= Int64(level)
    speechFrames &+= 1
  }

  /// Adds the logits of the current context, weighted by its frames, and begins the next.
  mutating func closeContext(_ logits: Logits) {
    for index in 0..<Logits.maximumCount {
      sums[index] &+= Int64(logits.values[index]) &* Int64(contextFrames)
    }
    weight &+= Int64(contextFrames)
    contextFrames = 0
  }

  /// The mean over the closed contexts, of which there is at least one.
  var meanLogits: Logits {
    var mean = Logits()
    for index in 0..<Logits.maximumCount {
      mean.values[index] = Int32(truncatingIfNeeded: roundedQuotient(sums[index], weight))
    }
    return mean
  }

  /// Mean level of the speech frames, of which a segment has at least one; Q16.
  var meanLevel: Int32 {
    Int32(truncatingIfNeeded: roundedQuotient(levelSum, max(1, speechFrames)))
  }
}
