/// What a removed stream leaves to a later one of its name in the same run, so that neither segment
/// numbers nor time go back.
struct StreamPast {
  /// Where it ended.
  var time: StreamTime
  /// Its last segment.
  var lastSegment: UInt32
  /// Until when its time is accounted for, in nanoseconds of CLOCK_MONOTONIC; nil when no device
  /// was ever started.
  var accountedUntil: Int64?
}
