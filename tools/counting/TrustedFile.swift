import Inference
import ModelFile

/// A model file that nobody checks: its sections where its table says.
struct TrustedFile {
  private let bytes: UnsafeRawBufferPointer

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  /// The bytes of a section; none when the file has none of that kind.
  func section(_ kind: SectionKind) -> UnsafeRawBufferPointer {
    let count = Int(bytes.load(fromByteOffset: 12, as: UInt32.self))
    for index in 0..<count {
      let entry = ContainerLayout.headerSize + index * ContainerLayout.entrySize
      guard bytes.load(fromByteOffset: entry, as: UInt32.self) == kind.rawValue else { continue }
      let offset = Int(bytes.load(fromByteOffset: entry + 8, as: UInt64.self))
      let size = Int(bytes.load(fromByteOffset: entry + 16, as: UInt64.self))
      return UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + size])
    }
    return UnsafeRawBufferPointer(start: nil, count: 0)
  }

  /// The network.
  var program: Program {
    Program(
      operators: section(.operators).assumingMemoryBound(to: Operator.self),
      tensors: section(.tensors).assumingMemoryBound(to: Tensor.self), weights: section(.weights))
  }
}
