extension RecognitionParameters {
  /// A field that is out of range for any stream.
  public enum Problem: Error, Equatable {
    /// A context is 1 … 400 frames (4 s): beyond that the LSTM leaves its calibrated range.
    case contextFrames(Int32)
    /// Interim decisions come every 5 … `contextFrames` frames.
    case interimFrames(Int32)
    /// Preroll is 0 … 100 frames.
    case prerollFrames(Int32)
    /// Hangover is 1 … 500 frames.
    case hangoverFrames(Int32)
    /// The baseline remembers 0 … 64 segments, with a prior of 1 … 64 and at least one speech frame
    /// each.
    case baseline(Int32)
    /// The talker is taken to have left after 1 … 360 000 frames (an hour).
    case sessionGapFrames(Int32)
    /// This version does not know the detector's kind, or its thresholds are invalid.
    case detector(Int32)
  }

  /// Refuses what the stream's setup and arithmetic could not handle; everything later relies on
  /// it.
  public func check() throws(Problem) {
    guard (1...400).contains(contextFrames) else { throw .contextFrames(contextFrames) }
    guard interimFrames >= 5, interimFrames <= contextFrames else {
      throw .interimFrames(interimFrames)
    }
    guard (0...100).contains(prerollFrames) else { throw .prerollFrames(prerollFrames) }
    guard (1...500).contains(hangoverFrames) else { throw .hangoverFrames(hangoverFrames) }
    guard (0...64).contains(baselineSegments) else { throw .baseline(baselineSegments) }
    guard (1...64).contains(baselinePrior) else { throw .baseline(baselinePrior) }
    guard (1...100_000).contains(baselineSpeechFrames) else {
      throw .baseline(baselineSpeechFrames)
    }
    guard (1...360_000).contains(sessionGapFrames) else {
      throw .sessionGapFrames(sessionGapFrames)
    }
    guard detector.isUsable else { throw .detector(detector.kind) }
  }
}
