import FixedPoint

/// Memory for what takes its own from an arena, exactly as large as that, for as long as this
/// object lives.
final class ArenaMemory {
  private let bytes: UnsafeMutableRawBufferPointer

  /// Bytes taken.
  var byteCount: Int { bytes.count }

  /// Runs `taking` once to count.
  init(countedBy taking: (inout Arena) -> Void) {
    var counting = Arena.counting()
    taking(&counting)
    bytes = .allocate(byteCount: counting.used, alignment: Arena.alignment)
    bytes.initializeMemory(as: UInt8.self, repeating: 0)
  }

  deinit { bytes.deallocate() }

  /// An arena over all of it.
  func arena() -> Arena { Arena(bytes) }
}
