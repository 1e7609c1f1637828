/// Turns the detector's verdicts into segments, which open once speech is certain and close once it
/// has been absent for a while.
struct Segmenter {
  /// What a frame does to the segment.
  enum Transition: Equatable {
    /// No segment is open.
    case silent
    /// A segment opens, which has `frames` frames so far; this one is its last.
    case opened(frames: Int32)
    /// The open segment continues.
    case open
    /// This frame was the last of the hangover; the segment ends with it.
    case closed
  }

  private let confirmFrames: Int32
  private let prerollFrames: Int32
  private let hangoverFrames: Int32
  private var strongFrames: Int32 = 0
  private var quietFrames: Int32 = 0
  /// Frames since the last segment's end or the start: preroll must not reach further back.
  private var framesSinceSegment: Int32 = 0

  /// Whether a segment is open.
  private(set) var isOpen = false

  /// A segmenter with the model's confirmation, preroll and hangover.
  init(_ parameters: RecognitionParameters) {
    confirmFrames = parameters.detector.confirmFrames
    prerollFrames = parameters.prerollFrames
    hangoverFrames = parameters.hangoverFrames
  }

  /// Forgets any open segment. The next segment's preroll cannot reach what was heard before.
  mutating func restart() {
    isOpen = false
    strongFrames = 0
    quietFrames = 0
    framesSinceSegment = 0
  }

  /// Takes the verdict on the next frame.
  mutating func step(_ activity: EnergyDetector.Activity) -> Transition {
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
