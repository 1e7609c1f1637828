/// A class of the network as stored in the file: its own name, and the word of the vocabulary that
/// it maps to.
///
/// 64 bytes: two fields of 32, each with 1 to 31 characters of a–z, 0–9, `_` and `-`, zero-padded.
public struct ClassLabel: BitwiseCopyable, Sendable {
  /// Size of a field; the last byte is always 0.
  static let fieldSize = 32

  var nameBytes: InlineArray<32, UInt8>
  var labelBytes: InlineArray<32, UInt8>

  /// Whether both fields are such words.
  var isWellFormed: Bool {
    ClassLabel.isWord(nameBytes) && ClassLabel.isWord(labelBytes)
  }

  private static func isWord(_ field: InlineArray<32, UInt8>) -> Bool {
    var length = 0
    while length < fieldSize, isLetter(field[length]) { length &+= 1 }
    guard length >= 1, length < fieldSize else { return false }
    for index in length..<fieldSize where field[index] != 0 { return false }
    return true
  }

  static func isLetter(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x61...0x7a, 0x30...0x39, 0x5f, 0x2d: true
    default: false
    }
  }
}
