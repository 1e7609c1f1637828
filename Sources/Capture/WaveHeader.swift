import Glibc

/// The parts of a RIFF/WAVE header that say how to read the samples.
struct WaveHeader {
  var format: StreamFormat
  /// Where the samples begin, in bytes.
  var start: Int
  /// How many bytes of samples there are.
  var length: Int
  /// How many more the header promises.
  var missing: Int

  /// More than any sound card has. With a damaged header's 65,535 channels, one read would need
  /// more memory than the daemon may use.
  private static let mostChannels = 256

  /// Lengths that recorders write while they do not know the real one: a little less than 2³¹ (sox,
  /// arecord) or 2³² (ffmpeg).
  private static let openLengths = [0x7FFF_0000...0x8000_0000, 0xFFFF_0000...0xFFFF_FFFF]

  /// Reads chunk after chunk until the samples begin.
  init(descriptor: Int32) throws(WaveProblem) {
    let size = Int(lseek(descriptor, 0, SEEK_END))
    let riff = try Self.bytes(descriptor, at: 0, count: 12, or: .notWave)
    guard riff[0..<4].elementsEqual("RIFF".utf8), riff[8..<12].elementsEqual("WAVE".utf8) else {
      throw .notWave
    }
    var format: StreamFormat?
    var place = 12
    while true {
      let head = try Self.bytes(descriptor, at: place, count: 8, or: .truncated)
      let length = Int(Self.number(head, 4, bytes: 4))
      place += 8
      if head[0..<4].elementsEqual("fmt ".utf8) {
        let chunk = try Self.bytes(descriptor, at: place, count: min(length, 40), or: .truncated)
        format = try Self.format(chunk)
      } else if head[0..<4].elementsEqual("data".utf8) {
        guard let format else { throw .truncated }
        let rest = size - place
        let isOpenEnded =
          length == 0
          ? try !Self.areChunks(descriptor, from: place, to: size)
          : Self.openLengths.contains { $0.contains(length) }
        self.format = format
        start = place
        self.length = isOpenEnded ? rest : min(length, rest)
        missing = isOpenEnded ? 0 : max(0, length - rest)
        return
      }
      place += length + length % 2
    }
  }

  /// Whether what follows are chunks, to the end: then there are no samples before them.
  private static func areChunks(
    _ descriptor: Int32, from start: Int, to size: Int
  ) throws(WaveProblem) -> Bool {
    var place = start
    while place + 8 <= size {
      let head = try bytes(descriptor, at: place, count: 8, or: .truncated)
      // Chunks have names. Silence, read as chunks, would have a million without any.
      guard head[0..<4].allSatisfy({ (0x20...0x7e).contains($0) }) else { return false }
      let length = Int(number(head, 4, bytes: 4))
      place += 8 + length + length % 2
    }
    // The last byte, which makes an odd chunk even, is often left out.
    return place == size || place == size + 1
  }

  private static func format(_ chunk: [UInt8]) throws(WaveProblem) -> StreamFormat {
    guard chunk.count >= 16 else { throw .truncated }
    var tag = UInt16(number(chunk, 0, bytes: 2))
    // The extensible header's real encoding is the start of its sub-format.
    if tag == 0xFFFE, chunk.count >= 26 { tag = UInt16(number(chunk, 24, bytes: 2)) }
    guard tag == 1 else { throw .notPCM(tag: tag) }
    let channels = Int(number(chunk, 2, bytes: 2))
    let rate = Int(number(chunk, 4, bytes: 4))
    let bits = Int(number(chunk, 14, bytes: 2))
    guard channels > 0 else { throw .noChannels }
    guard channels <= mostChannels else { throw .tooManyChannels(channels) }
    guard (8000...192_000).contains(rate) else { throw .badRate(rate) }
    guard let sample = [16: SampleFormat.int16, 24: .int24, 32: .int32][bits] else {
      throw .badDepth(bits: bits)
    }
    return StreamFormat(
      rate: rate, channels: channels, sample: sample, period: rate / 50, buffer: rate)
  }

  private static func bytes(
    _ descriptor: Int32, at place: Int, count: Int, or problem: WaveProblem
  ) throws(WaveProblem) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    guard pread(descriptor, &bytes, count, off_t(place)) == count else { throw problem }
    return bytes
  }

  private static func number(_ bytes: [UInt8], _ place: Int, bytes count: Int) -> UInt32 {
    (0..<count).reduce(0) { $0 | UInt32(bytes[place + $1]) << (8 * UInt32($1)) }
  }
}
