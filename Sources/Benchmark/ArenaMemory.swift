import FixedPoint

/// Memory for an arena of exactly the required size, valid while this object lives.
final class ArenaMemory {
  private let bytes: UnsafeMutableRawBufferPointer

  /// Size in bytes.
  var byteCount: Int { bytes.count }

  /// Runs `taking` once to measure the size.
  init(countedBy taking: (inout Arena) -> Void) {
    var counting = Arena.counting()
    taking(&counting)
    bytes = .allocate(byteCount: counting.used, alignment: Arena.alignment)
    bytes.initializeMemory(as: UInt8.self, repeating: 0)
  }

  deinit { bytes.deallocate() }

  /// An arena over all of the memory.
  func arena() -> Arena { Arena(bytes) }
}
