/// Turns the detector's verdicts into segments: opened when speech is certain, closed when it has
/// been gone a while.
public struct Segmenter {
  /// What a frame did to the segment.
  public enum Transition: Equatable {
    /// Nobody speaks.
    case silent
    /// A segment begins `frames` frames before this one, which is its last so far.
    case opened(frames: Int32)
    /// The open segment goes on.
    case open
    /// This frame was the last of the hangover; the segment ends with it.
    case closed
  }

  private let confirmFrames: Int32
  private let prerollFrames: Int32
  private let hangoverFrames: Int32
  private var strongFrames: Int32 = 0
  private var quietFrames: Int32 = 0
  /// Frames since the last segment's end or the start: preroll must not reach before it.
  private var framesSinceSegment: Int32 = 0

  /// Whether a segment is open.
  public private(set) var isOpen = false

  /// A segmenter with the model's confirmation, preroll and hangover.
  public init(_ parameters: RecognitionParameters) {
    confirmFrames = parameters.detector.confirmFrames
    prerollFrames = parameters.prerollFrames
    hangoverFrames = parameters.hangoverFrames
  }

  /// Forgets any open segment. What was heard before is out of reach of the next segment's preroll.
  public mutating func restart() {
    isOpen = false
    strongFrames = 0
    quietFrames = 0
    framesSinceSegment = 0
  }

  /// Takes the verdict on the next frame.
  public mutating func step(_ activity: EnergyDetector.Activity) -> Transition {
    isOpen ? stepOpen(activity) : stepSilent(activity)
  }

  private mutating func stepSilent(_ activity: EnergyDetector.Activity) -> Transition {
    if framesSinceSegment < .max { framesSinceSegment += 1 }
    strongFrames = activity == .strong ? strongFrames + 1 : 0
    guard strongFrames == confirmFrames else { return .silent }
    isOpen = true
    strongFrames = 0
    quietFrames = 0
    return .opened(frames: min(prerollFrames + confirmFrames, framesSinceSegment))
  }

  private mutating func stepOpen(_ activity: EnergyDetector.Activity) -> Transition {
    quietFrames = activity == .quiet ? quietFrames + 1 : 0
    guard quietFrames == hangoverFrames else { return .open }
    restart()
    return .closed
  }
}
