import CLinux
import Glibc

/// A thread's stack, kept out of swap and core dumps like all memory for sound, and freed with the
/// thread: the C library would keep its own for the next one.
///
/// No sound is stored there, but saved registers may hold some: the dynamic linker saves all of
/// them when a function is called for the first time.
struct ThreadStack: ~Copyable, @unchecked Sendable {
  /// The lowest usable byte; a guard page lies below it.
  let base: UnsafeMutableRawPointer
  /// How many bytes there are.
  let size: Int
  /// Whether the kernel promised never to write it to swap.
  let isLocked: Bool
  private let guardSize: Int

  /// At least `count` bytes, rounded up to whole pages, each locked when first used. Ends the
  /// process when the system is out of memory.
  init(count: Int) {
    guardSize = sysconf(Int32(_SC_PAGESIZE))
    size = (count + guardSize - 1) / guardSize * guardSize
    let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK
    let address = mmap(nil, guardSize + size, PROT_READ | PROT_WRITE, flags, -1, 0)
    guard let address, address != MAP_FAILED else { Exhaustion.memory.end() }
    guard mprotect(address, guardSize, PROT_NONE) == 0 else { Exhaustion.memory.end() }
    base = address + guardSize
    madvise(base, size, MADV_DONTDUMP)
    isLocked = linux_lock_when_touched(base, size) == 0
  }

  /// No thread may use it any more. The kernel clears the pages before it reuses them.
  deinit { munmap(base - guardSize, guardSize + size) }
}
