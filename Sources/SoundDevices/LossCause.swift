/// Where sound went that was lost.
public enum LossCause: UInt8, CaseIterable, Sendable, BitwiseCopyable {
  /// The card's buffer ran over because the capture thread came too late.
  case overrun
  /// The machine slept.
  case suspend
  /// The device gave less than time has passed, and did not say why.
  case hiccup
  /// The device was away.
  case absence
  /// The inference thread was behind by a whole ring.
  case backlog
  /// The device, or another one in its place, was opened again because the configuration changed.
  case reload
  /// Nobody was to listen.
  case pause
}
