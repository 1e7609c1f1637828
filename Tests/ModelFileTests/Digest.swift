import ModelFile

/// Sums a file anew whose bytes were changed, as a faulty or hostile writer would.
func sumAnew(_ file: inout [UInt8]) {
  var hash = SHA256()
  file.withUnsafeBytes { bytes in
    hash.update(UnsafeRawBufferPointer(rebasing: bytes[..<32]))
    hash.update(UnsafeRawBufferPointer(rebasing: bytes[64...]))
  }
  let digest = hash.finish()
  for index in digest.indices { file[32 + index] = digest[index] }
}
