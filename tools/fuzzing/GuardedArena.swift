// Takes the place of Sources/FixedPoint/Arena.swift when the fuzzer is built.

/// Memory whose use AddressSanitizer reports.
public enum GuardedMemory {
  /// From here on `count` bytes may not be touched.
  public static func forbid(_ start: UnsafeRawPointer, _ count: Int) { poison(start, count) }

  /// From here on `count` bytes may be touched again.
  public static func allow(_ start: UnsafeRawPointer, _ count: Int) { unpoison(start, count) }
}

@_silgen_name("__asan_poison_memory_region")
private func poison(_ start: UnsafeRawPointer, _ count: Int)
@_silgen_name("__asan_unpoison_memory_region")
private func unpoison(_ start: UnsafeRawPointer, _ count: Int)

/// The arena, with memory that nobody may touch between all that it hands out: a kernel that leaves
/// its buffer by one byte meets AddressSanitizer, though the next buffer is there as well.
public struct Arena {
  /// As of the real one.
  public static let alignment = 64
  /// As of the real one, the guards included.
  public private(set) var used = 0
  private let base: UnsafeMutableRawPointer
  private let capacity: Int
  private let isCounting: Bool

  /// An arena over `bytes`.
  public init(_ bytes: UnsafeMutableRawBufferPointer) {
    base = bytes.baseAddress!
    capacity = bytes.count
    isCounting = false
    GuardedMemory.forbid(base, capacity)
  }

  private init(countingFrom base: UnsafeMutableRawPointer) {
    self.base = base
    capacity = .max
    isCounting = true
  }

  /// An arena without memory.
  public static func counting() -> Arena {
    Arena(countingFrom: UnsafeMutableRawPointer(bitPattern: alignment)!)
  }

  /// Room for `count` elements, and a guard behind it.
  public mutating func take<Element: BitwiseCopyable>(
    _ type: Element.Type, count: Int
  ) -> UnsafeMutablePointer<Element> {
    let size = count * MemoryLayout<Element>.stride
    let rounded = (size + 2 * Arena.alignment - 1) & ~(Arena.alignment - 1)
    precondition(rounded <= capacity - used, "the arena is smaller than its own count")
    defer { used += rounded }
    if !isCounting { GuardedMemory.allow(base + used, size) }
    return (base + used).bindMemory(to: type, capacity: count)
  }
}
