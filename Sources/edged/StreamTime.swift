/// Where a stream is in its own time: counted in 16 kHz samples from its first one, lost sound
/// included.
///
/// The recognizer counts the frames that it heard since it last began to listen; this says which
/// frames of the stream they are. Losses are rounded to whole frames only when listening begins
/// again, so that rounding does not add up. Time never goes back.
struct StreamTime: Equatable {
  private let frame: Int64
  private let hop: Int64
  private let rate: Int64

  /// Samples since the stream's first one, lost ones included.
  private(set) var position: Int64 = 0
  /// What of the losses was less than a sample, in nanoseconds times the rate.
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

  /// The same stream with frames of another model. What came before must have been brought to an
  /// end by `lose`.
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

  /// Takes in samples that were heard.
  mutating func hear(_ count: Int) {
    position &+= Int64(count)
    heard &+= Int64(count)
  }

  /// How long before the newest sample `frame` (which is finished) ended, in nanoseconds.
  func age(ofFrame frame: Int64) -> Int64 {
    let end = (frame &- firstFrame) &* hop &+ self.frame
    return max(0, heard &- end) &* 1_000_000_000 / rate
  }

  /// Takes in sound that was lost: how many frames the recognizer must skip.
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
