/// The bytes of a model file's section during assembly: zeros, into which tables are written.
struct SectionBytes {
  private(set) var bytes: [UInt8]

  init(size: Int) {
    bytes = [UInt8](repeating: 0, count: size)
  }

  /// Writes `values` consecutively from `offset` on, as they are in memory; the format is
  /// little-endian, like every machine that this runs on.
  mutating func place<Value: BitwiseCopyable>(_ values: [Value], at offset: Int) {
    precondition(offset + values.count * MemoryLayout<Value>.stride <= bytes.count)
    values.withUnsafeBytes { source in
      bytes.withUnsafeMutableBytes { target in
        UnsafeMutableRawBufferPointer(rebasing: target[offset...]).copyMemory(from: source)
      }
    }
  }

  /// Lets `body` write into the bytes, for layouts that place themselves.
  mutating func withBytes<Problem: Error>(
    _ body: (UnsafeMutableRawPointer) throws(Problem) -> Void
  ) throws(Problem) {
    let result = bytes.withUnsafeMutableBytes { buffer in
      Result { () throws(Problem) in try body(buffer.baseAddress!) }
    }
    try result.get()
  }
}
