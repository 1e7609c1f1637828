/// How one sample lies in memory. All are signed and little-endian.
public enum SampleFormat: UInt8, Sendable, CaseIterable {
  /// 16 bits: what the front end works on.
  case int16
  /// 32 bits.
  case int32
  /// 24 bits in the low three of four bytes; the fourth is ignored.
  case int24In32
  /// 24 bits in three bytes, as most USB microphones and WAV files have it.
  case int24

  /// Bytes from one sample to the next of the same frame.
  public var bytes: Int {
    switch self {
    case .int16: 2
    case .int24: 3
    case .int32, .int24In32: 4
    }
  }

  /// Significant bits in a sample.
  public var bits: Int {
    switch self {
    case .int16: 16
    case .int24, .int24In32: 24
    case .int32: 32
    }
  }
}
