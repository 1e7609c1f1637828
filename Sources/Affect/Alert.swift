/// A change of an alert's phase.
public struct Alert: Equatable, Sendable {
  /// Where an alert stands.
  public enum Phase: String, CaseIterable, Sendable {
    /// The condition holds, but not for long enough yet.
    case pending
    /// It has held for long enough.
    case firing
    /// It holds no more: nothing is pending or firing.
    case resolved
  }

  /// The rule's name.
  public var rule: String
  /// Where it stands now.
  public var phase: Phase
  /// How long the condition has held (resolved: had held, up to where it last did), in
  /// milliseconds.
  public var heldMs: Int

  /// An alert; see the properties for units.
  public init(rule: String, phase: Phase, heldMs: Int) {
    self.rule = rule
    self.phase = phase
    self.heldMs = heldMs
  }
}
