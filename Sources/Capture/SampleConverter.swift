/// Picks one channel out of interleaved frames and converts it to int16.
///
/// Wider samples are rounded half up and saturated: the front end's floor is made for the int16
/// grid, and truncation would add half a step of DC. Allocates nothing; no input can trap.
struct SampleConverter: Sendable {
  private let sample: SampleFormat
  private let bytesPerFrame: Int
  private let offset: Int

  /// A converter for `channel` (counted from 0, below `format.channels`) of frames of `format`.
  init(format: StreamFormat, channel: Int) {
    precondition((0..<format.channels).contains(channel), "the channel was negotiated")
    sample = format.sample
    bytesPerFrame = format.bytesPerFrame
    offset = channel * format.sample.bytes
  }

  /// Writes `count` samples of the channel to `output` from as many frames at `frames`.
  func convert(
    _ frames: UnsafeRawPointer, count: Int, into output: UnsafeMutablePointer<Int16>
  ) {
    var source = frames + offset
    for index in 0..<count {
      output[index] = value(at: source)
      source += bytesPerFrame
    }
  }

  @inline(__always)
  private func value(at source: UnsafeRawPointer) -> Int16 {
    switch sample {
    case .int16: source.loadUnaligned(as: Int16.self)
    case .int32: Self.round(Int64(source.loadUnaligned(as: Int32.self)), bits: 16)
    case .int24In32: Self.round(Int64((source.loadUnaligned(as: Int32.self) &<< 8) &>> 8), bits: 8)
    case .int24: Self.round(Self.int24(source), bits: 8)
    }
  }

  @inline(__always)
  private static func int24(_ source: UnsafeRawPointer) -> Int64 {
    let low = Int64(source.loadUnaligned(as: UInt16.self))
    let high = Int64(source.loadUnaligned(fromByteOffset: 2, as: Int8.self))
    return high << 16 | low
  }

  @inline(__always)
  private static func round(_ value: Int64, bits: Int64) -> Int16 {
    Int16(clamping: (value &+ (1 &<< (bits &- 1))) &>> bits)
  }
}
