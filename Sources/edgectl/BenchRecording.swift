import ArgumentParser
import Capture

/// A recording to measure with.
enum BenchRecording {
  /// All samples of the WAV file at `path`, which must have one channel of 16 bits at `rate`.
  static func samples(of path: String, rate: Int) throws -> [Int16] {
    let file = try WaveFile(path: path)
    guard file.format.rate == rate, file.format.channels == 1, file.format.sample == .int16 else {
      throw ValidationError(
        "\(path) must have one channel of 16 bits at \(rate) Hz; convert it with"
          + " “sox \(path) -b 16 -r \(rate) -c 1 out.wav”.")
    }
    guard file.frames >= rate else {
      throw ValidationError(
        "\(path) is shorter than the second that is measured; name a longer one.")
    }
    return try [Int16](unsafeUninitializedCapacity: file.frames) { buffer, count in
      count = file.read(at: 0, into: buffer.baseAddress!, frames: file.frames)
      guard count == file.frames else {
        throw ValidationError("\(path) became shorter while it was read; try again.")
      }
    }
  }
}
