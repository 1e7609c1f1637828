import Glibc
import Synchronization

/// Raw 16-bit little-endian mono samples at 16 kHz from a descriptor, such as a pipe on standard
/// input.
final class RawInput: PCMDevice {
  /// The half sample that was read last. A stream of bytes outlives the thread that reads it: if
  /// the next one forgot it, every later sample would be made of the halves of two.
  final class Remainder: Sendable {
    /// That of standard input, of which a process has one.
    static let ofStandardInput = Remainder()
    private let value = Atomic<Int16>(-1)

    fileprivate var byte: UInt8? {
      get { UInt8(exactly: value.load(ordering: .relaxed)) }
      set { value.store(newValue.map(Int16.init) ?? -1, ordering: .relaxed) }
    }
  }

  private let descriptor: Int32
  private let remainder: Remainder
  /// Whether what waits was said while nobody was to listen.
  private var mustDiscard: Bool

  /// Reads `descriptor`, which stays the caller's. `afterPause`: nobody was to listen until now.
  init(
    descriptor: Int32 = STDIN_FILENO, remainder: Remainder = .ofStandardInput,
    afterPause: Bool = false
  ) {
    self.descriptor = descriptor
    self.remainder = remainder
    mustDiscard = afterPause
  }

  var isLive: Bool { false }

  func open() -> StreamFormat {
    if mustDiscard { discardWhatWaits() }
    mustDiscard = false
    return StreamFormat(rate: 16_000, channels: 1, sample: .int16, period: 320, buffer: 8000)
  }

  /// As much as the largest pipe holds (`/proc/sys/fs/pipe-max-size`): whoever writes faster than
  /// this reads would have all of a recording discarded.
  private static let discardLimit = 1 << 20

  /// Takes what is in a pipe or socket by now, unheard. Of a file nothing was said meanwhile.
  private func discardWhatWaits() {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return }
    let kind = status.st_mode & S_IFMT
    guard kind == S_IFIFO || kind == S_IFSOCK else { return }
    withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 8) { bytes in
      defer { _ = bytes.initializeMemory(as: UInt8.self, repeating: 0) }
      var total = 0
      while total < Self.discardLimit, wait(milliseconds: 0) > 0 {
        let count = Glibc.read(descriptor, bytes.baseAddress!, bytes.count)
        guard count > 0 else { return }
        total += count
        if (count + (remainder.byte == nil ? 0 : 1)) % 2 == 0 {
          remainder.byte = nil
        } else {
          remainder.byte = bytes[count - 1]
        }
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

  /// A pipe may be cut anywhere: half a sample is kept for the next read, and dropped at the end.
  func read(into frames: UnsafeMutableRawPointer, frames limit: Int) -> Int {
    var kept = 0
    if let byte = remainder.byte {
      frames.storeBytes(of: byte, as: UInt8.self)
      kept = 1
    }
    let count = Glibc.read(descriptor, frames + kept, limit * 2 - kept)
    guard count > 0 else { return count < 0 ? -Int(errno) : -Int(ENODATA) }
    let bytes = kept + count
    remainder.byte = bytes % 2 == 1 ? frames.load(fromByteOffset: bytes - 1, as: UInt8.self) : nil
    return bytes / 2 > 0 ? bytes / 2 : -Int(EAGAIN)
  }

  func pending() -> Int { 0 }

  func state() -> PCMState { .running }

  func close() {}
}
