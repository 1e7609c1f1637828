import Glibc
import Synchronization

/// A queue between exactly one writing and one reading thread, without locks and without
/// allocation.
///
/// Both ends count elements from the start and never wrap (2⁶³ samples are 18 million years at 16
/// kHz); the place in memory is the count modulo the capacity. The writer publishes with a release
/// store what the reader acquires, so elements are complete when they are seen. (After Lamport
/// 1977; separate cache lines for the counters were not worth it at 50 writes a second.)
public struct Ring<Element: BitwiseCopyable>: ~Copyable, @unchecked Sendable {
  private let memory: LockedMemory
  private let elements: UnsafeMutablePointer<Element>
  private let written = Atomic<Int>(0)
  private let taken = Atomic<Int>(0)

  /// How many elements fit: a power of two.
  public let capacity: Int

  /// A ring for at least `capacity` elements.
  public init(capacity wanted: Int) {
    var capacity = 1
    while capacity < wanted { capacity *= 2 }
    self.capacity = capacity
    memory = LockedMemory(count: capacity * MemoryLayout<Element>.stride)
    elements = memory.bytes.baseAddress!.bindMemory(to: Element.self, capacity: capacity)
  }

  /// Whether the pages are locked: see `LockedMemory`.
  public var isLocked: Bool { memory.isLocked }

  /// Elements that can be read now. Exact for the reader; for anyone else it may already have
  /// changed.
  public var count: Int {
    written.load(ordering: .acquiring) &- taken.load(ordering: .acquiring)
  }

  /// Elements that can be written now. Only the writer may rely on it.
  public var space: Int { capacity &- count }

  /// Empties the ring and overwrites its memory. Neither end may be in use.
  public func forget() {
    taken.store(written.load(ordering: .acquiring), ordering: .releasing)
    memset(elements, 0, capacity * MemoryLayout<Element>.stride)
  }

  /// Appends all `count` elements at `source`, or nothing when they do not fit. Only for the
  /// writing thread.
  public func write(_ source: UnsafePointer<Element>, count: Int) -> Bool {
    let start = written.load(ordering: .relaxed)
    guard capacity &- (start &- taken.load(ordering: .acquiring)) >= count else { return false }
    let place = start & (capacity &- 1)
    let first = min(count, capacity &- place)
    (elements + place).update(from: source, count: first)
    elements.update(from: source + first, count: count &- first)
    written.store(start &+ count, ordering: .releasing)
    return true
  }

  /// Appends one element, or nothing when the ring is full. Only for the writing thread.
  public func write(_ element: Element) -> Bool {
    withUnsafePointer(to: element) { write($0, count: 1) }
  }

  /// Moves up to `limit` of the oldest elements to `destination` and returns how many. Only for the
  /// reading thread.
  public func read(into destination: UnsafeMutablePointer<Element>, limit: Int) -> Int {
    let start = taken.load(ordering: .relaxed)
    let count = min(limit, written.load(ordering: .acquiring) &- start)
    let place = start & (capacity &- 1)
    let first = min(count, capacity &- place)
    destination.update(from: elements + place, count: first)
    (destination + first).update(from: elements, count: count &- first)
    taken.store(start &+ count, ordering: .releasing)
    return count
  }

  /// Takes the oldest element, or nil when the ring is empty. Only for the reading thread.
  public func read() -> Element? {
    let start = taken.load(ordering: .relaxed)
    guard written.load(ordering: .acquiring) &- start > 0 else { return nil }
    let element = elements[start & (capacity &- 1)]
    taken.store(start &+ 1, ordering: .releasing)
    return element
  }
}
