import Glibc
import SoundDevices

/// Raw 16-bit little-endian mono samples at 16 kHz from a descriptor, such as a pipe on standard
/// input.
///
/// A WAV, FLAC or Ogg file in their place is recognized by its first bytes and refused: its header
/// and its differently coded samples would yield emotions too, and wrong ones.
final class RawInput: PCMDevice {
  private let descriptor: Int32
  private let remainder: Remainder
  /// Whether the input that waits dates from a pause and must be discarded.
  private var mustDiscard: Bool

  /// Reads `descriptor`, which stays the caller's. `afterPause`: capture was paused until now.
  init(
    descriptor: Int32 = STDIN_FILENO, remainder: Remainder = .ofStandardInput,
    afterPause: Bool = false
  ) {
    self.descriptor = descriptor
    self.remainder = remainder
    mustDiscard = afterPause
  }

  var isLive: Bool { false }

  /// Fails once the bytes read have proved to be something other than samples.
  func open() throws(OpenProblem) -> StreamFormat {
    if mustDiscard { discardWhatWaits() }
    mustDiscard = false
    if let file = remainder.beginning.file {
      throw .badFile(
        path: DeviceName.standardInput.text,
        reason: "is \(file), and is read as raw samples; name a WAV file as wav:FILE, "
          + "or give raw samples, such as those of `arecord -t raw -f S16_LE -r 16000`")
    }
    return StreamFormat(rate: 16_000, channels: 1, sample: .int16, period: 320, buffer: 8000)
  }

  /// The capacity of the largest pipe (`/proc/sys/fs/pipe-max-size`), in samples. Without a limit,
  /// a writer faster than this reader would have its whole recording discarded.
  private static let discardLimit = 1 << 19

  /// Discards what a pipe or socket holds by now. A file gained nothing during the pause.
  private func discardWhatWaits() {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return }
    let kind = status.st_mode & S_IFMT
    guard kind == S_IFIFO || kind == S_IFSOCK else { return }
    withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 8) { bytes in
      defer { _ = bytes.initializeMemory(as: UInt8.self, repeating: 0) }
      var total = 0
      while total < Self.discardLimit, wait(milliseconds: 0) > 0 {
        let count = read(into: bytes.baseAddress!, frames: bytes.count / 2)
        guard count > 0 || count == -Int(EAGAIN) else { return }
        total += max(count, 0)
      }
    }
  }

  func start() -> Int32 { 0 }

  func prepare() -> Int32 { 0 }

  func resume() -> Int32 { 0 }

  func wait(milliseconds: Int32) -> Int32 {
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    let ready = poll(&entry, 1, milliseconds)
    return ready < 0 ? -errno : ready
  }

  /// A read from a pipe may end anywhere: half a sample is kept for the next read, and dropped at
  /// the end. The first bytes are kept too until they are known to be samples.
  func read(into frames: UnsafeMutableRawPointer, frames limit: Int) -> Int {
    guard remainder.beginning.file == nil else { return -Int(EMEDIUMTYPE) }
    let kept = remainder.put(at: frames)
    let count = Glibc.read(descriptor, frames + kept, limit * 2 - kept)
    guard count > 0 else { return count < 0 ? -Int(errno) : -Int(ENODATA) }
    let bytes = UnsafeRawBufferPointer(start: frames, count: kept + count)
    if remainder.beginning == .unknown {
      guard bytes.count >= Content.length else {
        remainder.keep(bytes)
        return -Int(EAGAIN)
      }
      remainder.beginning = Content(bytes)
      guard remainder.beginning == .samples else { return -Int(EMEDIUMTYPE) }
    }
    remainder.keep(UnsafeRawBufferPointer(rebasing: bytes.suffix(bytes.count % 2)))
    return bytes.count / 2 > 0 ? bytes.count / 2 : -Int(EAGAIN)
  }

  func pending() -> Int { 0 }

  func state() -> PCMState { .running }

  func close() {}
}
