import Glibc
import SoundDevices

/// The header of a WAV file and where its samples lie; samples are read as they are needed.
///
/// Takes PCM of 16, 24 and 32 bits, any number of channels, at any rate; plain and extensible
/// headers. Recorders that write to a pipe leave the length open (0, or about 2³¹ or 2³²): then the
/// samples go on to the end of the file. Where nothing but other chunks follow, 0 is true.
public final class WaveFile {
  /// Frames a second, channels and sample format; period and buffer as a card would have them.
  public let format: StreamFormat
  /// Frames in the file.
  public let frames: Int
  /// Frames that the header promises and the file does not have: it was cut off.
  public let missing: Int
  private let descriptor: Int32
  private let start: Int

  /// Opens the file at `path` and reads its header.
  public init(path: String) throws(OpenProblem) {
    // Without O_NONBLOCK, opening a named pipe would block.
    descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      throw .badFile(path: path, reason: WaveProblem.notOpened(code: errno).description)
    }
    do throws(WaveProblem) {
      var status = stat()
      guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
        throw .notFile
      }
      let header = try WaveHeader(descriptor: descriptor)
      format = header.format
      start = header.start
      frames = header.length / header.format.bytesPerFrame
      missing = header.missing / header.format.bytesPerFrame
      guard frames > 0 else { throw .empty }
    } catch {
      close(descriptor)
      throw .badFile(path: path, reason: error.description)
    }
  }

  deinit { close(descriptor) }

  /// Reads up to `limit` frames from `position` on; returns how many, or a negative errno. A file
  /// that has become shorter since it was opened just ends earlier.
  public func read(at position: Int, into bytes: UnsafeMutableRawPointer, frames limit: Int) -> Int
  {
    let count = min(limit, frames - position)
    guard count > 0 else { return 0 }
    let place = start + position * format.bytesPerFrame
    let read = pread(descriptor, bytes, count * format.bytesPerFrame, off_t(place))
    return read < 0 ? -Int(errno) : read / format.bytesPerFrame
  }
}
