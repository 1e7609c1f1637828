/// The state of a stream's sound device, in the words that are published.
public enum DeviceState: String, CaseIterable, Sendable, BitwiseCopyable {
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
  /// It was there and went away; it is looked for until it is back.
  case lost
  /// Running, every sample zero: muted, or nothing plugged into the jack.
  case silent
  /// Running, every sample the same and not zero: a dead converter.
  case stuck
  /// Running, often at full scale: the gain is too high.
  case clipping
  /// Not listened to, on request.
  case paused

  /// Whether samples come from the device.
  public var delivers: Bool { [.running, .silent, .stuck, .clipping].contains(self) }
}
