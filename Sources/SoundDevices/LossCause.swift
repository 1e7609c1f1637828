/// Why sound was lost.
public enum LossCause: UInt8, CaseIterable, Sendable, BitwiseCopyable {
  /// The card's buffer overflowed because the capture thread came too late.
  case overrun
  /// The machine slept.
  case suspend
  /// The device delivered less sound than time passed, and did not say why.
  case hiccup
  /// The device was away.
  case absence
  /// The inference thread was behind by a whole ring.
  case backlog
  /// The device, or another one in its place, was opened again because the configuration changed.
  case reload
  /// The stream was paused.
  case pause
}
