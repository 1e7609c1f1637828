import Recognition
import SoundDevices

/// What the inference thread tells the event loop about one stream.
enum StreamReport: BitwiseCopyable {
  /// What the recognizer reported; the sound it rests on was captured until `captured`, in
  /// nanoseconds of CLOCK_MONOTONIC.
  case recognized(RecognitionEvent, captured: Int64)
  /// The device's state; `rate` is what it delivers, in Hz, or 0 before it delivered anything.
  case device(DeviceState, StateReason, rate: Int32)
  /// Sound that was lost.
  case lost(nanoseconds: Int64, cause: LossCause)
}
