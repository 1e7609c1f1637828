/// Memory that is handed out once, at start.
///
/// A bump allocator over bytes that somebody else owns. Everything that a stream needs while it
/// runs is taken from one arena when its model is loaded, and nothing is taken or given back
/// afterwards.
///
/// The same set-up code first runs over `Arena.counting()`, which hands out addresses that must not
/// be touched and only adds up; its `used` is then the size to allocate. So a type's
/// `init(…, arena:)` takes memory and keeps the pointers, and writes nothing; a separate
/// `restart()` puts first values there.
public struct Arena {
  /// Alignment of everything handed out: a cache line, and the widest vector.
  public static let alignment = 64

  /// Bytes handed out so far, alignment included.
  public private(set) var used = 0
  private let base: UnsafeMutableRawPointer
  private let capacity: Int

  /// An arena over `bytes`, which must be aligned to `Arena.alignment` and outlive all that is
  /// taken from it.
  public init(_ bytes: UnsafeMutableRawBufferPointer) {
    base = bytes.baseAddress!
    capacity = bytes.count
  }

  private init(countingFrom base: UnsafeMutableRawPointer) {
    self.base = base
    capacity = .max
  }

  /// An arena without memory, to learn how much the same set-up will take. What it hands out must
  /// not be touched.
  public static func counting() -> Arena {
    Arena(countingFrom: UnsafeMutableRawPointer(bitPattern: alignment)!)
  }

  /// Room for `count` elements, aligned, with unspecified contents. Traps when the arena is too
  /// small: its size came from the same set-up code, so that is an error in this program.
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
