/// Writes sections into the container that `ModelContainer` checks: header, table, alignment,
/// digest.
public struct ModelContainerWriter {
  private var sections: [(kind: UInt32, bytes: [UInt8])] = []

  /// A file without sections.
  public init() {}

  /// Adds a section of `bytes`; kinds may come in any order, each once.
  public mutating func add(_ kind: SectionKind, bytes: [UInt8]) {
    precondition(!sections.contains { $0.kind == kind.rawValue }, "a section a second time")
    sections.append((kind.rawValue, bytes))
  }

  /// Adds a section of fixed-size records, as they are in memory.
  public mutating func add<Element: BitwiseCopyable>(_ kind: SectionKind, elements: [Element]) {
    add(kind, bytes: elements.withUnsafeBytes { Array($0) })
  }

  /// The whole file.
  public func file() -> [UInt8] {
    let ordered = sections.sorted { $0.kind < $1.kind }
    var table: [UInt8] = []
    var body: [UInt8] = []
    let start = aligned(
      ContainerLayout.headerSize + ordered.count * ContainerLayout.entrySize)
    for section in ordered {
      body.append(contentsOf: repeatElement(0, count: aligned(body.count) - body.count))
      append(section.kind, to: &table)
      append(UInt32(0), to: &table)
      append(UInt64(start + body.count), to: &table)
      append(UInt64(section.bytes.count), to: &table)
      append(UInt64(0), to: &table)
      body.append(contentsOf: section.bytes)
    }
    var header: [UInt8] = []
    append(ContainerLayout.magic, to: &header)
    append(ContainerLayout.version, to: &header)
    append(UInt32(ordered.count), to: &header)
    append(UInt64(start + body.count), to: &header)
    append(UInt64(0), to: &header)
    let padding = start - ContainerLayout.headerSize - table.count
    let rest = table + Array(repeating: 0, count: padding) + body
    return header + digest(of: header, rest) + rest
  }

  private func digest(of pieces: [UInt8]...) -> [UInt8] {
    var hash = SHA256()
    for piece in pieces { piece.withUnsafeBytes { hash.update($0) } }
    let digest = hash.finish()
    return digest.indices.map { digest[$0] }
  }

  private func append<Number: FixedWidthInteger>(_ number: Number, to bytes: inout [UInt8]) {
    withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
  }

  private func aligned(_ offset: Int) -> Int {
    (offset + ContainerLayout.alignment - 1) & ~(ContainerLayout.alignment - 1)
  }
}
