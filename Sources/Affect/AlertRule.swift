/// When to alert someone: an emotion that keeps a share of the evidence for a time.
///
/// The words and their meaning are those of Prometheus' alerting rules: a condition must hold `for`
/// a while before the alert fires, and once it fires it does so for at least `keep_firing_for`
/// after the condition last held.
public struct AlertRule: Equatable, Sendable {
  /// What people call it.
  public var name: String
  /// The emotions whose evidence is summed.
  public var emotions: [Emotion]
  /// The share of the evidence from which the condition holds, in ten-thousandths.
  public var share: Int
  /// How long it must hold, in milliseconds of the stream.
  public var forMs: Int
  /// How long the alert keeps firing once the condition fails, in milliseconds of the stream.
  public var keepFiringForMs: Int

  /// A rule; see the properties for units.
  public init(
    name: String, emotions: [Emotion], share: Int, forMs: Int = 0, keepFiringForMs: Int = 0
  ) {
    self.name = name
    self.emotions = emotions
    self.share = share
    self.forMs = forMs
    self.keepFiringForMs = keepFiringForMs
  }
}
