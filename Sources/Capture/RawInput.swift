import Glibc

/// Raw 16-bit little-endian mono samples at 16 kHz from a descriptor, such as a pipe on standard
/// input.
final class RawInput: PCMDevice {
  private let descriptor: Int32
  private var odd: UInt8?

  /// Reads `descriptor`, which stays the caller's.
  init(descriptor: Int32 = STDIN_FILENO) { self.descriptor = descriptor }

  var isLive: Bool { false }

  func open() -> StreamFormat {
    StreamFormat(rate: 16_000, channels: 1, sample: .int16, period: 320, buffer: 8000)
  }

  func start() -> Int32 { 0 }

  func prepare() -> Int32 { 0 }

  func resume() -> Int32 { 0 }

  func wait(milliseconds: Int32) -> Int32 {
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    let ready = poll(&entry, 1, milliseconds)
    return ready < 0 ? -errno : ready
  }

  /// A pipe may be cut anywhere: half a sample is kept for the next read, and dropped at the end.
  func read(into frames: UnsafeMutableRawPointer, frames limit: Int) -> Int {
    var kept = 0
    if let odd {
      frames.storeBytes(of: odd, as: UInt8.self)
      kept = 1
    }
    let count = Glibc.read(descriptor, frames + kept, limit * 2 - kept)
    guard count > 0 else { return count < 0 ? -Int(errno) : -Int(ENODATA) }
    let bytes = kept + count
    odd = bytes % 2 == 1 ? frames.load(fromByteOffset: bytes - 1, as: UInt8.self) : nil
    return bytes / 2 > 0 ? bytes / 2 : -Int(EAGAIN)
  }

  func pending() -> Int { 0 }

  func state() -> PCMState { .running }

  func close() {}
}
