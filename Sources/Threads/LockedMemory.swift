import Glibc

/// Pages that hold sound: kept out of swap and out of every core dump, because speech must not
/// outlive the process.
///
/// Zero-filled. Locking needs RLIMIT_MEMLOCK; without it the memory works all the same and
/// `isLocked` says so.
public struct LockedMemory: ~Copyable, @unchecked Sendable {
  /// The pages, aligned to a page.
  public let bytes: UnsafeMutableRawBufferPointer
  /// Whether the kernel promised never to write these pages to swap.
  public let isLocked: Bool

  /// At least `count` bytes, rounded up to whole pages. Ends the process (see `Exhaustion`) when
  /// the system is out of memory.
  public init(count: Int) {
    let page = sysconf(Int32(_SC_PAGESIZE))
    let size = max(1, (count + page - 1) / page) * page
    let address = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let address, address != MAP_FAILED else { Exhaustion.memory.end() }
    madvise(address, size, MADV_DONTDUMP)
    isLocked = mlock(address, size) == 0
    bytes = UnsafeMutableRawBufferPointer(start: address, count: size)
  }

  /// Whether the process can have `count` bytes more: they are mapped and unmapped again.
  public static func isAvailable(count: Int) -> Bool {
    guard count > 0 else { return true }
    let address = mmap(nil, count, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let address, address != MAP_FAILED else { return false }
    munmap(address, count)
    return true
  }

  /// Overwrites everything in it with zeros.
  public func erase() { memset(bytes.baseAddress!, 0, bytes.count) }

  deinit {
    erase()
    munmap(bytes.baseAddress!, bytes.count)
  }
}
