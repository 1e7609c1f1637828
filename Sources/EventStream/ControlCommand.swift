/// What a client of the control socket can have the daemon do to certain streams.
public enum ControlCommand: Equatable, Sendable {
  /// Close the streams' devices and keep nothing of what was heard.
  case pause
  /// Listen again.
  case resume
  /// A call begins or ends: from here on somebody else is heard.
  case call(CallBoundary.Phase)
}

/// A call began or ended: what was known of the talker no longer applies.
public struct CallBoundary: Equatable, Sendable {
  /// Which end of a call it is.
  public enum Phase: String, CaseIterable, Sendable {
    case start
    case end
  }

  /// Which end of a call it is.
  public var phase: Phase
  /// When, in milliseconds of the stream.
  public var atMs: Int

  /// A call began or ended at `atMs`.
  public init(_ phase: Phase, atMs: Int) {
    (self.phase, self.atMs) = (phase, atMs)
  }
}

/// How loud a stream's channel is right now, speech or not.
public struct MeterReading: Equatable, Sendable {
  /// The stream.
  public var stream: String
  /// Mean level since the previous reading, relative to full scale, in centibels (tenths of a
  /// decibel); nil when no samples came.
  public var levelCentibels: Int?
  /// The largest absolute sample since then, relative to full scale, in centibels.
  public var peakCentibels: Int?

  /// A reading; see the properties.
  public init(stream: String, levelCentibels: Int?, peakCentibels: Int?) {
    self.stream = stream
    self.levelCentibels = levelCentibels
    self.peakCentibels = peakCentibels
  }
}
