/// What a stream that is no more leaves to one that comes under its name in the same run, so that
/// neither segment numbers nor time go back.
struct StreamPast {
  /// Where it ended.
  var time: StreamTime
  /// Its last segment.
  var lastSegment: UInt32
  /// Up to when its time is accounted for, in nanoseconds of CLOCK_MONOTONIC; nil when no device
  /// was ever started.
  var accountedUntil: Int64?
}
