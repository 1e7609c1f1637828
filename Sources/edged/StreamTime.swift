/// Where a stream is in its own time: counted in 16 kHz samples from its first one, lost sound
/// included.
///
/// The recognizer counts the frames that it has heard since it last began to listen; this maps them
/// to frames of the stream. Losses are rounded to whole frames only when listening begins again, so
/// that rounding does not add up. Time never goes back.
struct StreamTime: Equatable {
  private let frame: Int64
  private let hop: Int64
  private let rate: Int64

  /// Samples since the stream's first one, lost ones included.
  private(set) var position: Int64 = 0
  /// The part of the losses below a sample, in millionths of a sample.
  private var remainder: Int64 = 0
  /// The frame of the stream at which listening began.
  private var firstFrame: Int64 = 0
  /// Samples heard since then.
  private var heard: Int64 = 0

  /// A stream that begins; `frame` and `hop` in samples of `rate` Hz.
  init(frame: Int, hop: Int, rate: Int) {
    self.frame = Int64(frame)
    self.hop = Int64(hop)
    self.rate = Int64(rate)
  }

  /// The same stream with frames of another model. What came before must have been ended with
  /// `lose`.
  init(continuing previous: StreamTime, frame: Int, hop: Int, rate: Int) {
    self.init(frame: frame, hop: hop, rate: rate)
    position = previous.position
    remainder = previous.remainder
    firstFrame = (previous.firstFrame * previous.hop + self.hop - 1) / self.hop
  }

  /// The frame that the recognizer will finish next.
  var nextFrame: Int64 {
    firstFrame &+ (heard < frame ? 0 : (heard &- frame) / hop &+ 1)
  }

  /// Adds samples that were heard.
  mutating func hear(_ count: Int) {
    position &+= Int64(count)
    heard &+= Int64(count)
  }

  /// How long before the newest sample `frame` (which is finished) ended, in nanoseconds.
  func age(ofFrame frame: Int64) -> Int64 {
    let end = (frame &- firstFrame) &* hop &+ self.frame
    return max(0, heard &- end) &* 1_000_000_000 / rate
  }

  /// Adds sound that was lost; returns how many frames the recognizer must skip.
  mutating func lose(nanoseconds: Int64) -> Int64 {
    let scaled = nanoseconds &* (rate / 1000) &+ remainder
    position &+= scaled / 1_000_000
    remainder = scaled % 1_000_000
    let reached = nextFrame
    let target = max(reached, (position &+ hop / 2) / hop)
    (firstFrame, heard) = (target, 0)
    return target &- reached
  }
}
