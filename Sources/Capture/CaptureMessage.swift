import SoundDevices

/// What the capture thread tells the inference thread about one stream, in order.
///
/// Samples travel in their own ring; a message says that the next `count` of them belong here. So
/// everything that happened to a stream has one order, and the reader can add up stream time from
/// the messages alone.
public enum CaptureMessage: BitwiseCopyable, Sendable, Equatable {
  /// Samples follow at `rate` frames a second, from the next `samples` message on.
  case rate(Int32)
  /// The next `count` samples of the sample ring; the last of them was captured at `time`, in
  /// nanoseconds of CLOCK_MONOTONIC.
  case samples(count: Int32, time: Int64)
  /// Sound that was lost, and how long it lasted.
  case lost(nanoseconds: Int64, cause: LossCause)
  /// The device changed its state.
  case state(DeviceState, StateReason)
  /// The source has ended. Samples that follow come from another start of it and are unrelated to
  /// those before.
  case ended
}
