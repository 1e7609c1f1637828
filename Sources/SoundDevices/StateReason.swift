/// Why a device is in its state: a token that does not change, for programs.
public enum StateReason: String, CaseIterable, Sendable, BitwiseCopyable {
  case none
  case noCard = "no_card"
  case notThere = "not_there"
  case severalCards = "several_cards"
  case busy
  case permission
  case unusable
  case badFile = "bad_file"
  case failed = "open_failed"
  case disconnected
  case stalled
  case noClock = "no_clock"
  case readError = "read_error"
  case ended
  case digitalSilence = "digital_silence"
  case constantValue = "constant_value"
  case fullScale = "full_scale"
  case requested

  /// The token in events; nil where there is nothing to say.
  public var token: String? { self == .none ? nil : rawValue }
}
