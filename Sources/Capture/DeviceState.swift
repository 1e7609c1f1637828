/// What a stream's device is doing, in the words that are published.
public enum DeviceState: UInt8, Sendable, CaseIterable, BitwiseCopyable {
  /// Not there, or there is nothing left to read.
  case absent
  /// About to be opened for the first time.
  case opening
  /// Delivering samples.
  case running
  /// Another program has it.
  case busy
  /// This user may not open it.
  case denied
  /// It was running and went away; it is looked for until it is back.
  case lost
  /// Running, every sample zero: muted, or not plugged in behind the jack.
  case silent
  /// Running, every sample the same and not zero: a dead converter.
  case stuck
  /// Running, often at full scale: the gain is too high.
  case clipping
  /// Not listened to because somebody asked for it.
  case paused

  /// The word in events.
  public var name: String { "\(self)" }
}

/// Why a device is in its state: a token that does not change, for programs.
public enum StateReason: UInt8, Sendable, CaseIterable, BitwiseCopyable {
  case none
  case noCard
  case notThere
  case severalCards
  case busy
  case permission
  case unusable
  case badFile
  case failed
  case disconnected
  case stalled
  case noClock
  case readError
  case ended
  case digitalSilence
  case constantValue
  case fullScale
  case requested

  /// The token in events; nil where there is nothing to say.
  public var token: String? {
    switch self {
    case .none: nil
    case .noCard: "no_card"
    case .notThere: "not_there"
    case .severalCards: "several_cards"
    case .busy: "busy"
    case .permission: "permission"
    case .unusable: "unusable"
    case .badFile: "bad_file"
    case .failed: "open_failed"
    case .disconnected: "disconnected"
    case .stalled: "stalled"
    case .noClock: "no_clock"
    case .readError: "read_error"
    case .ended: "ended"
    case .digitalSilence: "digital_silence"
    case .constantValue: "constant_value"
    case .fullScale: "full_scale"
    case .requested: "requested"
    }
  }
}
