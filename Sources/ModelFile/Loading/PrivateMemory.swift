import Glibc

/// Pages of this process alone: written while they are filled, only readable afterwards.
///
/// A file that is mapped instead changes under the reader when somebody copies another over it, and
/// a shorter one ends the process with SIGBUS.
struct PrivateMemory: ~Copyable {
  /// The bytes asked for; they start at a page.
  let bytes: UnsafeMutableRawBufferPointer

  /// Zeroed memory of `size` bytes, at least one; nil when the system has none.
  init?(size: Int) {
    let start = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let start, start != MAP_FAILED else { return nil }
    bytes = UnsafeMutableRawBufferPointer(start: start, count: size)
  }

  /// From here on a write ends the process rather than change the model.
  func makeReadOnly() {
    mprotect(bytes.baseAddress, bytes.count, PROT_READ)
  }

  deinit {
    munmap(bytes.baseAddress, bytes.count)
  }
}
