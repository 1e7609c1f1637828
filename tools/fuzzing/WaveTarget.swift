@testable import Capture
import Glibc

/// A WAV file in the place of a microphone: its header, and a second of each of its channels.
enum WaveTarget: Target {
  /// A nameless file in memory that is written anew for every input.
  private static let file: Int32 = {
    var path = Array("/dev/shm/edged-XXXXXX".utf8CString)
    let file = mkstemp(&path)
    unlink(path)
    return file
  }()

  static func read(_ input: UnsafeRawBufferPointer) -> Bool {
    ftruncate(file, 0)
    pwrite(file, input.baseAddress, input.count, 0)
    guard let wave = try? WaveFile(path: "/proc/self/fd/\(file)") else { return false }
    let format = wave.format
    precondition(wave.frames * format.bytesPerFrame <= input.count, "no samples but the file's")
    let limit = 64
    let frames = UnsafeMutableRawPointer.allocate(
      byteCount: limit * format.bytesPerFrame, alignment: 16)
    let samples = UnsafeMutablePointer<Int16>.allocate(capacity: limit)
    defer {
      frames.deallocate()
      samples.deallocate()
    }
    var position = 0
    while position < min(wave.frames, format.rate) {
      let count = wave.read(at: position, into: frames, frames: limit)
      guard count > 0 else { break }
      for channel in [0, format.channels - 1] {
        SampleConverter(format: format, channel: channel)
          .convert(frames, count: count, into: samples)
      }
      position += count
    }
    return true
  }

  static func seeds() -> [[UInt8]] {
    var seeds: [[UInt8]] = []
    for (bits, channels, isExtensible) in [
      (16, 1, false), (24, 2, false), (32, 3, true), (16, 2, true),
    ] {
      let data = (0..<240).map { UInt8(truncatingIfNeeded: $0 &* 37) }
      var format =
        number(isExtensible ? 0xFFFE : 1, 2) + number(channels, 2) + number(48_000, 4)
        + number(48_000 * channels * bits / 8, 4) + number(channels * bits / 8, 2) + number(bits, 2)
      if isExtensible { format += number(22, 2) + number(bits, 2) + number(0, 4) + number(1, 16) }
      let list = Array("LIST".utf8) + number(5, 4) + Array("INFO".utf8) + [0, 0]
      let body =
        Array("WAVEfmt ".utf8) + number(format.count, 4) + format + list + Array("data".utf8)
        + number(data.count, 4) + data
      seeds.append(Array("RIFF".utf8) + number(body.count, 4) + body)
    }
    return seeds
  }

  private static func number(_ value: Int, _ bytes: Int) -> [UInt8] {
    (0..<bytes).map { $0 < 8 ? UInt8(truncatingIfNeeded: value >> (8 * $0)) : 0 }
  }
}
