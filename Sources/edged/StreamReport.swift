import Capture
import Recognition

/// What the inference thread tells the event loop about one stream. Times are milliseconds of the stream.
enum StreamReport: BitwiseCopyable {
  case speechStart(segment: Int32, startMs: Int64)
  case judgement(StreamJudgement)
  case speechEnd(segment: Int32, startMs: Int64, endMs: Int64)
  /// The device's state; `rate` is what it delivers, in Hz, or 0 before it delivered anything.
  case device(DeviceState, StateReason, rate: Int32)
  case lost(milliseconds: Int64, cause: LossCause)
}

/// The network's judgement on a segment, interim or final, as it leaves the inference thread.
struct StreamJudgement: BitwiseCopyable {
  var segment: Int32
  var startMs: Int64
  var endMs: Int64
  /// Past segments in the talker's baseline.
  var baseline: Int32
  var isFinal: Bool
  /// In centibels relative to full scale.
  var level: Int32
  /// When the last sample that it rests on was captured, in nanoseconds of CLOCK_MONOTONIC.
  var captured: Int64
  /// One score a class, in ten-thousandths.
  var scores: InlineArray<16, Int32>
}
