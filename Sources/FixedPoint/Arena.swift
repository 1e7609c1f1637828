/// Memory that is allocated once, at start.
///
/// A bump allocator over bytes owned by someone else. Everything that a stream needs while it runs
/// is taken from one arena when its model is loaded; nothing is allocated or freed afterwards.
///
/// The same setup code first runs over `Arena.counting()`, which only adds up sizes and returns
/// addresses that must not be touched; its `used` is then the size to allocate. A type's
/// `init(…, arena:)` therefore reserves memory and keeps the pointers without writing; a separate
/// `restart()` writes the initial values.
public struct Arena {
  /// Alignment of every allocation: a cache line, and the widest vector.
  public static let alignment = 64

  /// Bytes allocated so far, alignment included.
  public private(set) var used = 0
  private let base: UnsafeMutableRawPointer
  private let capacity: Int

  /// An arena over `bytes`, which must be aligned to `Arena.alignment` and outlive everything
  /// allocated from it.
  public init(_ bytes: UnsafeMutableRawBufferPointer) {
    base = bytes.baseAddress!
    capacity = bytes.count
  }

  private init(countingFrom base: UnsafeMutableRawPointer) {
    self.base = base
    capacity = .max
  }

  /// An arena without memory, to measure how much the same setup will take. The addresses it
  /// returns must not be touched.
  public static func counting() -> Arena {
    Arena(countingFrom: UnsafeMutableRawPointer(bitPattern: alignment)!)
  }

  /// Room for `count` elements, aligned, with unspecified contents. Traps if the arena is too
  /// small: its size came from the same setup code, so that is a bug in this program.
  public mutating func take<Element: BitwiseCopyable>(
    _ type: Element.Type, count: Int
  ) -> UnsafeMutablePointer<Element> {
    let size = count * MemoryLayout<Element>.stride
    let rounded = (size + Arena.alignment - 1) & ~(Arena.alignment - 1)
    precondition(rounded <= capacity - used, "the arena is smaller than its own count")
    defer { used += rounded }
    return (base + used).bindMemory(to: type, capacity: count)
  }
}
