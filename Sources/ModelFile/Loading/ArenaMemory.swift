import FixedPoint

/// Memory for an arena of exactly the required size, valid while this object lives.
public final class ArenaMemory {
  private let bytes: UnsafeMutableRawBufferPointer

  /// Size in bytes.
  public var byteCount: Int { bytes.count }

  /// Zeroed memory for everything that `taking` takes from an arena; it is run once, to measure the
  /// size.
  public init<Failure: Error>(
    countedBy taking: (inout Arena) throws(Failure) -> Void
  ) throws(Failure) {
    var counting = Arena.counting()
    try taking(&counting)
    bytes = .allocate(byteCount: counting.used, alignment: Arena.alignment)
    bytes.initializeMemory(as: UInt8.self, repeating: 0)
  }

  deinit { bytes.deallocate() }

  /// An arena over all of the memory.
  public func arena() -> Arena { Arena(bytes) }
}
