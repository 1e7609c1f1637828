import Glibc

/// Private pages of this process: writable while they are filled, read-only afterwards.
///
/// A mapped file would change under the reader when another is copied over it, and a shorter one
/// would end the process with SIGBUS.
struct PrivateMemory: ~Copyable {
  /// The requested bytes, page-aligned.
  let bytes: UnsafeMutableRawBufferPointer

  /// Zeroed memory of `size` bytes, at least one; nil if the system has none.
  init?(size: Int) {
    let start = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let start, start != MAP_FAILED else { return nil }
    bytes = UnsafeMutableRawBufferPointer(start: start, count: size)
  }

  /// From here on a write ends the process instead of changing the model.
  func makeReadOnly() {
    mprotect(bytes.baseAddress, bytes.count, PROT_READ)
  }

  deinit {
    munmap(bytes.baseAddress, bytes.count)
  }
}
