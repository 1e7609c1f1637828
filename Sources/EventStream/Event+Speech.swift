/// Someone begins to speak.
public struct SpeechStart: Equatable, Sendable {
  /// The segment's number, counted per stream and run from 1.
  public var segment: Int
  /// Where it begins, in milliseconds of the stream (lost time included).
  public var startMs: Int

  /// Segment number `segment` begins at `startMs`.
  public init(segment: Int, startMs: Int) {
    (self.segment, self.startMs) = (segment, startMs)
  }
}

/// The speaker has paused: a segment is over.
public struct SpeechEnd: Equatable, Sendable {
  /// The segment's number, counted per stream and run from 1.
  public var segment: Int
  /// Where it began, in milliseconds of the stream.
  public var startMs: Int
  /// Where it ended, in milliseconds of the stream.
  public var endMs: Int
  /// The mean level relative to full scale in centibels (tenths of a decibel), when known.
  public var levelCentibels: Int?

  /// Segment number `segment` ended; see the properties for units.
  public init(segment: Int, startMs: Int, endMs: Int, levelCentibels: Int? = nil) {
    self.segment = segment
    self.startMs = startMs
    self.endMs = endMs
    self.levelCentibels = levelCentibels
  }
}

/// Sound was lost: the device delivered faster than it was read, the inference fell behind, or a
/// device was opened anew.
public struct Xrun: Equatable, Sendable {
  /// How much, in milliseconds. The stream's time runs on across it.
  public var lostMs: Int

  /// `lostMs` milliseconds were lost.
  public init(lostMs: Int) {
    self.lostMs = lostMs
  }
}
