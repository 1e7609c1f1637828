/// A private copy of bytes at an address that is a multiple of 64, as a model's tables require.
public final class AlignedMemory: @unchecked Sendable {
  private let memory: UnsafeMutableRawBufferPointer

  /// Copies `bytes`.
  public init(_ bytes: [UInt8]) {
    memory = .allocate(byteCount: max(bytes.count, 1), alignment: 64)
    memory.copyBytes(from: bytes)
    count = bytes.count
  }

  /// Zeroed memory of `size` bytes, for an arena.
  public convenience init(size: Int) {
    self.init([UInt8](repeating: 0, count: size))
  }

  deinit {
    memory.deallocate()
  }

  private let count: Int

  /// The copy, valid while this object lives.
  public var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(mutableBytes) }

  /// The copy for writing, valid while this object lives.
  public var mutableBytes: UnsafeMutableRawBufferPointer {
    UnsafeMutableRawBufferPointer(rebasing: memory[..<count])
  }
}
