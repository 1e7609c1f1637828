/// A private copy of bytes at an address that is a multiple of 64, as a model's tables require.
public final class AlignedMemory: @unchecked Sendable {
  private let memory: UnsafeMutableRawBufferPointer
  private let count: Int

  /// Copies `bytes`.
  public init(_ bytes: [UInt8]) {
    memory = .allocate(byteCount: max(bytes.count, 1), alignment: 64)
    memory.copyBytes(from: bytes)
    count = bytes.count
  }

  deinit {
    memory.deallocate()
  }

  /// The copy, valid while this object lives.
  public var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(mutableBytes) }

  /// The copy for writing, valid while this object lives.
  public var mutableBytes: UnsafeMutableRawBufferPointer {
    UnsafeMutableRawBufferPointer(rebasing: memory[..<count])
  }
}
