/// The layout common to all `.edge` files. All numbers are little-endian.
///
/// | offset | type | header |
/// |---|---|---|
/// | 0 | 8 bytes | magic: 0x89 “EDGE” CR LF 0x1a |
/// | 8 | uint32 | format version: 1 |
/// | 12 | uint32 | sections |
/// | 16 | uint64 | length of the file |
/// | 24 | uint64 | 0 |
/// | 32 | 32 bytes | SHA-256 of bytes 0…31 and 64…end |
///
/// | offset | type | entry of the section table, which follows the header |
/// |---|---|---|
/// | 0 | uint32 | kind; kinds rise from entry to entry |
/// | 4 | uint32 | 0 |
/// | 8 | uint64 | offset, a multiple of 64, after the previous section |
/// | 16 | uint64 | size in bytes |
/// | 24 | uint64 | 0 |
///
/// The magic is modelled on PNG's: a copy in text mode damages it visibly. The last section ends
/// the file.
public enum ContainerLayout {
  /// The first eight bytes, read as one little-endian number.
  public static let magic: UInt64 = 0x1a0a_0d45_4744_4589
  /// The only format version so far.
  public static let version: UInt32 = 1
  /// Size of the header.
  public static let headerSize = 64
  /// Size of one entry of the section table.
  public static let entrySize = 32
  /// Alignment of every section: a cache line.
  public static let alignment = 64
  /// More sections than any model needs; bounds the work on a malicious file.
  static let maximumSections = 64
  /// Offset of the digest in the header.
  public static let digestOffset = 32
}
