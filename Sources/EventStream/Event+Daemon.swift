import SoundDevices

/// A stream's capture device changed its state.
public struct DeviceChange: Equatable, Sendable {
  /// How it is now.
  public var state: DeviceState
  /// Why, as a token that programs may compare: `disconnected`, `no_card` …
  public var reason: String?
  /// Why, as a sentence for people.
  public var message: String?

  /// The device is now in `state`.
  public init(_ state: DeviceState, reason: String? = nil, message: String? = nil) {
    self.state = state
    self.reason = reason
    self.message = message
  }
}

/// A model or a configuration was read: taken into service, or refused while the old one stays in
/// service.
public struct LoadResult: Equatable, Sendable {
  /// What became of it.
  public enum State: String, CaseIterable, Sendable {
    case loaded
    case rejected
  }

  /// What became of it.
  public var state: State
  /// The file it came from; nil for a configuration without any, where every default holds.
  public var path: String?
  /// The model's identifier, when it has one.
  public var id: String?
  /// Why it was refused, as a token that programs may compare.
  public var reason: String?
  /// Why it was refused, as a sentence for people.
  public var message: String?

  /// What was read from `path` is now in `state`.
  public init(
    _ state: State, path: String?, id: String? = nil, reason: String? = nil, message: String? = nil
  ) {
    self.state = state
    self.path = path
    self.id = id
    self.reason = reason
    self.message = message
  }
}

/// The wall clock jumped, as it does on boards without a battery when NTP first answers, or it
/// became synchronized or ceased to be.
public struct ClockChange: Equatable, Sendable {
  /// What it would show without the jump.
  public var old: Timestamp
  /// What it shows now.
  public var new: Timestamp
  /// Whether it is now synchronized; nil when that cannot be told.
  public var isSynced: Bool?

  /// The clock jumped from `old` to `new`, which are equal when it did not jump.
  public init(old: Timestamp, new: Timestamp, isSynced: Bool?) {
    self.old = old
    self.new = new
    self.isSynced = isSynced
  }
}
