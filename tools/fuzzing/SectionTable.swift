import FixedPoint
import ModelFile

/// The sections of a file that may be damaged: those that lie inside it.
struct SectionTable {
  let sections: [(kind: UInt32, range: Range<Int>)]

  /// Reads the table of `file` without believing it.
  init(_ file: UnsafeRawBufferPointer) {
    guard file.count >= ContainerLayout.headerSize else {
      sections = []
      return
    }
    let count = min(
      Int(file.loadUnaligned(fromByteOffset: 12, as: UInt32.self)),
      (file.count - ContainerLayout.headerSize) / ContainerLayout.entrySize)
    sections = (0..<count).compactMap { index in
      let entry = ContainerLayout.headerSize + index * ContainerLayout.entrySize
      let offset = file.loadUnaligned(fromByteOffset: entry + 8, as: UInt64.self)
      let size = file.loadUnaligned(fromByteOffset: entry + 16, as: UInt64.self)
      guard offset <= UInt64(file.count), size <= UInt64(file.count) - offset else { return nil }
      return (
        file.loadUnaligned(fromByteOffset: entry, as: UInt32.self),
        Int(offset)..<Int(offset + size)
      )
    }
  }
}

/// Forbids all of a model's file that a running network has no business with: a kernel that reads
/// past its weights meets AddressSanitizer, though the file goes on there.
struct SectionGuards {
  private let file: UnsafeRawBufferPointer
  private static let needed: [SectionKind] = [
    .frontEnd, .features, .corpusMean, .operators, .tensors, .weights, .detectorFeatures,
    .detectorOperators, .detectorTensors, .detectorWeights, .talkerBias,
  ]

  /// Guards `file`, which has been accepted.
  init(_ file: UnsafeRawBufferPointer) {
    self.file = file
    let sections = SectionTable(file).sections
    GuardedMemory.forbid(file.baseAddress!, file.count)
    for section in sections
    where Self.needed.contains(where: { $0.rawValue == section.kind }) {
      GuardedMemory.allow(file.baseAddress! + section.range.lowerBound, section.range.count)
    }
  }

  /// Allows everything again.
  func remove() { GuardedMemory.allow(file.baseAddress!, file.count) }
}
