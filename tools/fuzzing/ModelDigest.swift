import Inference
import ModelFile

/// Sums a model file anew.
enum ModelDigest {
  /// Puts the digest of `file` where it belongs.
  static func sum(_ file: inout [UInt8]) {
    guard file.count >= ContainerLayout.headerSize else { return }
    var hash = SHA256()
    file.withUnsafeBytes { bytes in
      hash.update(UnsafeRawBufferPointer(rebasing: bytes[..<ContainerLayout.digestOffset]))
      hash.update(UnsafeRawBufferPointer(rebasing: bytes[ContainerLayout.headerSize...]))
    }
    let digest = hash.finish()
    for index in digest.indices { file[ContainerLayout.digestOffset + index] = digest[index] }
  }
}

/// How long the network's records are in the file, in bytes.
enum OperatorRecord {
  static let size = MemoryLayout<Operator>.stride
  static let tensorSize = MemoryLayout<Tensor>.stride
}
