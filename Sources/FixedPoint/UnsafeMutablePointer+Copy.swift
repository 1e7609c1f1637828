extension UnsafeMutablePointer where Pointee: BitwiseCopyable {
  /// Copies `count` values from `source`, which may overlap, with one call of memmove; Embedded
  /// Swift's `update(from:count:)` copies them one by one.
  @inlinable @inline(__always)
  public func copy(from source: UnsafePointer<Pointee>, count: Int) {
    UnsafeMutableRawPointer(self).copyMemory(
      from: source, byteCount: count &* MemoryLayout<Pointee>.stride)
  }
}
