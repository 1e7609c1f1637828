/// Notices a source that gives sound faster than time passes: it has no clock, and is no
/// microphone.
///
/// ALSA's null and file plugins are like that. They fill whatever they are given as soon as they
/// are asked, so that reading them takes a whole processor and tells of hours of sound in a second.
/// A card cannot give more than passed since it was started, and somebody who came late to read it
/// finds a buffer at most; its crystal and a sound server's own buffer are allowed for.
struct DeliveryLead {
  /// How much sound, besides a buffer, may be there early, in nanoseconds.
  static let allowance: Int64 = 1_000_000_000
  /// Sound that is at most so many times as fast as time is taken for that of a card.
  static let fastest: Int64 = 2

  /// The most that may be there early.
  private let limit: Int64
  /// By how much the sound since the start is ahead of what passed, in nanoseconds.
  private(set) var lead: Int64 = 0
  private var last: Int64

  /// A device with a buffer of `buffer` nanoseconds was started at `now`.
  init(buffer: Int64, at now: Int64) {
    limit = buffer + Self.allowance
    last = now
  }

  /// Whether so much sound was there early that no card can have recorded it.
  var isTooLong: Bool { lead > limit }

  /// Takes in that `duration` of sound was read at `now`, in nanoseconds.
  mutating func hear(_ duration: Int64, at now: Int64) {
    lead = max(0, lead &+ duration &- (now &- last) &* Self.fastest)
    last = now
  }
}
