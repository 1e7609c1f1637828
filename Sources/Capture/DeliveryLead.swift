/// Detects a source that delivers sound faster than real time: it has no clock and is not a
/// microphone.
///
/// ALSA's null and file plugins are like that: they fill every read at once, so that reading them
/// takes a whole CPU core and yields hours of sound in a second. A card cannot deliver more than
/// the time since its start, and a late reader finds one buffer at most. Crystal drift and a sound
/// server's own buffer are allowed for.
struct DeliveryLead {
  /// How much sound, beyond one buffer, may arrive early, in nanoseconds.
  static let allowance: Int64 = 1_000_000_000
  /// Sound at up to this multiple of real time is taken for a card's.
  static let fastest: Int64 = 2

  /// How much sound may arrive early, in nanoseconds.
  private let limit: Int64
  /// How far the sound is ahead of `fastest` times the elapsed time, in nanoseconds; never
  /// negative.
  private(set) var lead: Int64 = 0
  private var last: Int64

  /// A device with a buffer of `buffer` nanoseconds was started at `now`.
  init(buffer: Int64, at now: Int64) {
    limit = buffer + Self.allowance
    last = now
  }

  /// Whether so much sound arrived early that no card can have recorded it.
  var isTooLong: Bool { lead > limit }

  /// Records that `duration` of sound was read at `now`, in nanoseconds.
  mutating func hear(_ duration: Int64, at now: Int64) {
    lead = max(0, lead &+ duration &- (now &- last) &* Self.fastest)
    last = now
  }
}
