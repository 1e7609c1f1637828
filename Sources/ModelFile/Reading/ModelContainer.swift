/// An `.edge` file in memory whose digest is verified and whose sections lie inside it.
///
/// `Model` interprets the sections. The bytes are used in place: they must outlive this and
/// everything made from it, and must not change.
public struct ModelContainer {
  /// SHA-256 of the file, excluding the digest itself: identifies the model.
  public let digest: SHA256.Digest
  private let bytes: UnsafeRawBufferPointer
  private let sectionCount: Int

  /// Checks the container: magic, version, length, digest, section table. Never reads outside
  /// `bytes`.
  public init(_ bytes: UnsafeRawBufferPointer) throws(ModelProblem) {
    guard bytes.count >= ContainerLayout.headerSize else {
      throw .tooShort(size: bytes.count)
    }
    guard Int(bitPattern: bytes.baseAddress) & (ContainerLayout.alignment &- 1) == 0 else {
      throw .misalignedMemory
    }
    guard bytes.load(as: UInt64.self) == ContainerLayout.magic else { throw .foreign }
    let version = bytes.load(fromByteOffset: 8, as: UInt32.self)
    guard version == ContainerLayout.version else { throw .version(version) }
    let length = bytes.load(fromByteOffset: 16, as: UInt64.self)
    guard length == UInt64(bytes.count) else {
      throw .length(stated: length, found: bytes.count)
    }
    digest = try ModelContainer.checkedDigest(bytes)
    guard bytes.load(fromByteOffset: 24, as: UInt64.self) == 0 else { throw .sectionTable }
    let sections = bytes.load(fromByteOffset: 12, as: UInt32.self)
    guard (1...UInt32(ContainerLayout.maximumSections)).contains(sections) else {
      throw .sectionTable
    }
    self.bytes = bytes
    sectionCount = Int(sections)
    try checkSections()
    try checkKinds()
  }

  private static func checkedDigest(
    _ bytes: UnsafeRawBufferPointer
  ) throws(ModelProblem) -> SHA256.Digest {
    var hash = SHA256()
    hash.update(UnsafeRawBufferPointer(rebasing: bytes[..<ContainerLayout.digestOffset]))
    hash.update(UnsafeRawBufferPointer(rebasing: bytes[ContainerLayout.headerSize...]))
    let digest = hash.finish()
    for index in 0..<32 where digest[index] != bytes[ContainerLayout.digestOffset &+ index] {
      throw .digest
    }
    return digest
  }

  private func checkSections() throws(ModelProblem) {
    var end = UInt64(ContainerLayout.headerSize &+ sectionCount &* ContainerLayout.entrySize)
    guard end <= bytes.count else { throw .sectionTable }
    var lastKind: UInt32 = 0
    for index in 0..<sectionCount {
      let entry = ContainerLayout.headerSize &+ index &* ContainerLayout.entrySize
      let kind = bytes.load(fromByteOffset: entry, as: UInt32.self)
      let offset = bytes.load(fromByteOffset: entry &+ 8, as: UInt64.self)
      let size = bytes.load(fromByteOffset: entry &+ 16, as: UInt64.self)
      guard kind > lastKind, offset >= end, offset <= bytes.count,
        offset & UInt64(ContainerLayout.alignment &- 1) == 0,
        size <= UInt64(bytes.count) &- offset,
        bytes.load(fromByteOffset: entry &+ 4, as: UInt32.self) == 0,
        bytes.load(fromByteOffset: entry &+ 24, as: UInt64.self) == 0
      else { throw .sectionTable }
      lastKind = kind
      end = offset &+ size
    }
    guard end == bytes.count else { throw .sectionTable }
  }

  /// Sections added by later versions change the computation: if they were ignored, a network would
  /// get other inputs than in training.
  private func checkKinds() throws(ModelProblem) {
    for index in 0..<sectionCount {
      let entry = ContainerLayout.headerSize &+ index &* ContainerLayout.entrySize
      let kind = bytes.load(fromByteOffset: entry, as: UInt32.self)
      guard SectionKind(rawValue: kind) != nil else { throw .unknownSection(kind) }
    }
  }

  /// The bytes of a section, or nil if the file has none of that kind.
  public func section(_ kind: SectionKind) -> UnsafeRawBufferPointer? {
    for index in 0..<sectionCount {
      let entry = ContainerLayout.headerSize &+ index &* ContainerLayout.entrySize
      guard bytes.load(fromByteOffset: entry, as: UInt32.self) == kind.rawValue else { continue }
      let offset = Int(bytes.load(fromByteOffset: entry &+ 8, as: UInt64.self))
      let size = Int(bytes.load(fromByteOffset: entry &+ 16, as: UInt64.self))
      return UnsafeRawBufferPointer(rebasing: bytes[offset..<offset &+ size])
    }
    return nil
  }

  /// A required section, as exactly `count` elements of a fixed-size type.
  func elements<Element: BitwiseCopyable>(
    _ kind: SectionKind, of type: Element.Type, count: Int
  ) throws(ModelProblem) -> UnsafePointer<Element> {
    guard let section = section(kind) else { throw .missing(kind) }
    let expected = count &* MemoryLayout<Element>.stride
    guard section.count == expected else {
      throw .size(kind, expected: expected, found: section.count)
    }
    return section.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: type)
  }

  /// A required section, as any number of elements of a fixed-size type.
  func elements<Element: BitwiseCopyable>(
    _ kind: SectionKind, of type: Element.Type
  ) throws(ModelProblem) -> UnsafeBufferPointer<Element> {
    guard let section = section(kind) else { throw .missing(kind) }
    let stride = MemoryLayout<Element>.stride
    let count = section.count / stride
    guard section.count == count &* stride else {
      throw .size(kind, expected: count &* stride, found: section.count)
    }
    let start = section.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: type)
    return UnsafeBufferPointer(start: start, count: count)
  }
}

#if _endian(big)
  #error("records are used in place as the file has them: little-endian")
#endif
