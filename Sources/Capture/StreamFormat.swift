/// What a sound source delivers, as negotiated when it was opened.
public struct StreamFormat: Equatable, Sendable {
  /// Frames a second.
  public var rate: Int
  /// Samples in a frame.
  public var channels: Int
  /// How each sample lies in memory.
  public var sample: SampleFormat
  /// Frames that one read asks for: 20 ms where the card allows it.
  public var period: Int
  /// Frames that the card keeps for a late reader: at least 500 ms where the card allows it.
  public var buffer: Int

  /// A format; every count is positive.
  public init(rate: Int, channels: Int, sample: SampleFormat, period: Int, buffer: Int) {
    self.rate = rate
    self.channels = channels
    self.sample = sample
    self.period = period
    self.buffer = buffer
  }

  /// Bytes of one interleaved frame.
  public var bytesPerFrame: Int { channels * sample.bytes }

  /// How long `frames` last, in nanoseconds.
  public func nanoseconds(frames: Int) -> Int64 { Int64(frames) * 1_000_000_000 / Int64(rate) }
}
