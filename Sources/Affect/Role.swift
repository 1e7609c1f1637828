/// Who speaks on a stream, which decides what may be inferred from the voice.
///
/// In the European Union inferring the emotions of *employees* at work is prohibited (Regulation
/// (EU) 2024/1689, Article 5(1)(f)), except for medical or safety reasons. The emotions of
/// customers may be inferred, but the customers must be told.
public enum Role: String, CaseIterable, Sendable {
  /// The person who calls or stands at the kiosk.
  case caller
  /// An employee at work.
  case agent
  /// Anyone else, or not known.
  case other

  /// Whether emotions may be inferred from a stream of this role.
  public func infersEmotion(exception: AgentException?) -> Bool {
    self != .agent || exception != nil
  }
}
