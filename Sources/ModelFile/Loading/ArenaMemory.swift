import FixedPoint

/// Memory for what takes its own from an arena, exactly as large as that, for as long as this
/// object lives.
public final class ArenaMemory {
  private let bytes: UnsafeMutableRawBufferPointer

  /// Bytes taken.
  public var byteCount: Int { bytes.count }

  /// Zeros for all that `taking` takes, which is run once to count.
  public init<Failure: Error>(
    countedBy taking: (inout Arena) throws(Failure) -> Void
  ) throws(Failure) {
    var counting = Arena.counting()
    try taking(&counting)
    bytes = .allocate(byteCount: counting.used, alignment: Arena.alignment)
    bytes.initializeMemory(as: UInt8.self, repeating: 0)
  }

  deinit { bytes.deallocate() }

  /// An arena over all of it.
  public func arena() -> Arena { Arena(bytes) }
}
