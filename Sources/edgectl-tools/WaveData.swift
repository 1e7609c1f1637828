import Glibc

/// Where the samples of a WAV file lie, according to its header.
struct WaveData {
  /// Where they begin, in bytes.
  let start: Int
  /// How many bytes of them the header promises.
  let promised: Int
  /// How many bytes there are behind the header.
  let rest: Int
  /// Bytes of a second of sound; 0 if the header does not say before the samples begin.
  let bytesPerSecond: Int
  /// Whether it promises no samples, and nothing but chunks follow.
  private let isEmpty: Bool

  /// Reads the header of the file; nil if it is no WAV file.
  init?(_ descriptor: Int32) {
    var status = stat()
    guard fstat(descriptor, &status) == 0,
      let head = WaveData.bytes(descriptor, at: 0, count: 12), head.starts(with: "RIFF".utf8),
      head[8...].starts(with: "WAVE".utf8)
    else { return nil }
    var bytesPerSecond = 0
    var place = 12
    while let chunk = WaveData.bytes(descriptor, at: place, count: 8) {
      let length = WaveData.number(chunk[4...])
      place += 8
      if chunk.starts(with: "data".utf8) {
        start = place
        promised = length
        rest = Int(status.st_size) - place
        self.bytesPerSecond = bytesPerSecond
        isEmpty =
          length == 0 && WaveData.areChunks(descriptor, from: place, to: Int(status.st_size))
        return
      }
      if chunk.starts(with: "fmt ".utf8),
        let rate = WaveData.bytes(descriptor, at: place + 8, count: 4)
      {
        bytesPerSecond = WaveData.number(rate[...])
      }
      place += length + length % 2
    }
    return nil
  }

  /// Whether a recorder that wrote to a pipe has left the length at 0: then the samples go on to
  /// the end of the file, as for the daemon. Where nothing but other chunks follow, 0 is true.
  var isLeftOpen: Bool { promised == 0 && !isEmpty }

  /// Writes the true length into the header of `copy`.
  func correct(_ copy: Int32) -> Bool {
    let length = UInt32(clamping: rest)
    return withUnsafeBytes(of: length.littleEndian) {
      pwrite(copy, $0.baseAddress, 4, off_t(start - 4)) == 4
    }
  }

  /// Whether what follows are chunks, to the end.
  private static func areChunks(_ descriptor: Int32, from start: Int, to size: Int) -> Bool {
    var place = start
    while let head = bytes(descriptor, at: place, count: 8) {
      // Chunks have names. Silence, read as chunks, would have a million without any.
      guard head[..<4].allSatisfy({ (0x20...0x7e).contains($0) }) else { return false }
      let length = number(head[4...])
      place += 8 + length + length % 2
    }
    // The last byte, which makes an odd chunk even, is often left out.
    return place == size || place == size + 1
  }

  private static func bytes(_ descriptor: Int32, at place: Int, count: Int) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    return pread(descriptor, &bytes, count, off_t(place)) == count ? bytes : nil
  }

  private static func number(_ bytes: ArraySlice<UInt8>) -> Int {
    bytes.reversed().reduce(0) { $0 << 8 | Int($1) }
  }
}
