extension JSONParser {
  /// A quoted string: bytes are collected as they are, escapes decoded, and every sequence checked
  /// to be UTF-8.
  mutating func string() throws(JSONProblem) -> String {
    var text: [UInt8] = []
    position += 1
    while true {
      switch try current() {
      case UInt8(ascii: "\""):
        position += 1
        return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"):
        try escape(into: &text)
      case let byte where byte < 0x20:
        throw JSONProblem(.controlCharacter(byte), at: position)
      case let byte where byte < 0x80:
        text.append(byte)
        position += 1
      default:
        let length = try sequenceLength()
        text.append(contentsOf: bytes[position..<position + length])
        position += length
      }
    }
  }

  /// The length of the multi-byte UTF-8 sequence that starts here (Unicode, table 3-7: well-formed
  /// sequences).
  private func sequenceLength() throws(JSONProblem) -> Int {
    let (length, second): (Int, ClosedRange<UInt8>)
    switch bytes[position] {
    case 0xc2...0xdf: (length, second) = (2, 0x80...0xbf)
    case 0xe0: (length, second) = (3, 0xa0...0xbf)
    case 0xed: (length, second) = (3, 0x80...0x9f)
    case 0xe1...0xef: (length, second) = (3, 0x80...0xbf)
    case 0xf0: (length, second) = (4, 0x90...0xbf)
    case 0xf1...0xf3: (length, second) = (4, 0x80...0xbf)
    case 0xf4: (length, second) = (4, 0x80...0x8f)
    default: throw JSONProblem(.invalidUTF8, at: position)
    }
    for index in 1..<length {
      guard position + index < bytes.count else {
        throw JSONProblem(.unexpectedEnd, at: bytes.count)
      }
      let allowed = index == 1 ? second : 0x80...0xbf
      guard allowed.contains(bytes[position + index]) else {
        throw JSONProblem(.invalidUTF8, at: position)
      }
    }
    return length
  }

  private mutating func escape(into text: inout [UInt8]) throws(JSONProblem) {
    let start = position
    position += 1
    let byte = try current()
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0c)
    case UInt8(ascii: "n"): text.append(0x0a)
    case UInt8(ascii: "r"): text.append(0x0d)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "u"):
      let scalar = try escapedScalar(from: start)
      text.append(contentsOf: Array(String(scalar).utf8))
    default: throw JSONProblem(.invalidEscape, at: start)
    }
  }

  /// The scalar of `\uXXXX`, or of the two that make a surrogate pair (the place is after the first
  /// `\u`).
  private mutating func escapedScalar(from start: Int) throws(JSONProblem) -> Unicode.Scalar {
    let first = try fourHexDigits(from: start)
    if let scalar = Unicode.Scalar(first) { return scalar }
    guard first < 0xdc00, try take(UInt8(ascii: "\\")), try take(UInt8(ascii: "u")) else {
      throw JSONProblem(.loneSurrogate, at: start)
    }
    let second = try fourHexDigits(from: start)
    guard (0xdc00..<0xe000).contains(second) else { throw JSONProblem(.loneSurrogate, at: start) }
    return Unicode.Scalar(0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00))!
  }

  private mutating func fourHexDigits(from start: Int) throws(JSONProblem) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      switch try current() {
      case let byte where byte >= 0x30 && byte <= 0x39: value = value << 4 | UInt32(byte - 0x30)
      case let byte where byte >= 0x41 && byte <= 0x46:
        value = value << 4 | UInt32(byte - 0x41 + 10)
      case let byte where byte >= 0x61 && byte <= 0x66:
        value = value << 4 | UInt32(byte - 0x61 + 10)
      default: throw JSONProblem(.invalidEscape, at: start)
      }
      position += 1
    }
    return value
  }
}
