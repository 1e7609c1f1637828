/// The start or the end of a sustained emotion.
public struct SustainedState: Equatable, Sendable {
  /// Which end of the state this is.
  public enum Phase: String, CaseIterable, Sendable {
    case start
    case end
  }

  /// The emotion.
  public var label: Emotion
  /// Since when it has been the strongest, in milliseconds of the stream.
  public var sinceMs: Int
  /// Whether it starts or ends here.
  public var phase: Phase
  /// Where the speech ends that led to it, in milliseconds of the stream.
  public var atMs: Int
  /// The evidence for it at that point, in ten-thousandths.
  public var share: Int

  /// A state; see the properties for units.
  public init(label: Emotion, sinceMs: Int, phase: Phase, atMs: Int, share: Int) {
    self.label = label
    self.sinceMs = sinceMs
    self.phase = phase
    self.atMs = atMs
    self.share = share
  }
}
