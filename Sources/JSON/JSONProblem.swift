/// Why bytes are not a JSON document, and at which byte.
public struct JSONProblem: Error, Equatable, CustomStringConvertible {
  /// What was wrong.
  public enum Reason: Equatable, Sendable {
    /// The document stops in the middle.
    case unexpectedEnd
    /// A byte that nothing may start or continue with here.
    case unexpectedByte(UInt8)
    /// Bytes that are not UTF-8 (RFC 3629: no overlong forms, no surrogates, nothing above
    /// U+10FFFF).
    case invalidUTF8
    /// A control character inside a string that is not escaped.
    case controlCharacter(UInt8)
    /// A backslash followed by something that JSON does not define.
    case invalidEscape
    /// Half of a surrogate pair in `\u` escapes.
    case loneSurrogate
    /// A number that JSON does not allow: leading zero, bare point, plus sign …
    case invalidNumber
    /// A number that no finite double can hold.
    case numberTooLarge
    /// A name that the object has already.
    case duplicateKey(String)
    /// More arrays and objects inside each other than allowed.
    case tooDeep(limit: Int)
    /// Something after the end of the document.
    case trailingBytes
  }

  /// What was wrong.
  public let reason: Reason
  /// The offset of the byte at fault, counted from 0; the length of the document when it ends too
  /// early.
  public let offset: Int

  /// A problem at `offset`.
  public init(_ reason: Reason, at offset: Int) {
    self.reason = reason
    self.offset = offset
  }

  /// The problem as a phrase: “a control character in a string at byte 17”.
  public var description: String { "\(phrase) at byte \(offset)" }

  private var phrase: String {
    switch reason {
    case .unexpectedEnd: "the document ends in the middle"
    case .unexpectedByte(let byte): "an unexpected \(JSONProblem.name(of: byte))"
    case .invalidUTF8: "bytes that are not UTF-8"
    case .controlCharacter(let byte): "an unescaped \(JSONProblem.name(of: byte)) in a string"
    case .invalidEscape: "an unknown escape"
    case .loneSurrogate: "half of a surrogate pair"
    case .invalidNumber: "a number that JSON does not allow"
    case .numberTooLarge: "a number that is too large"
    case .duplicateKey(let key): "the name “\(key)” a second time"
    case .tooDeep(let limit): "more than \(limit) levels of nesting"
    case .trailingBytes: "something after the end of the document"
    }
  }

  private static func name(of byte: UInt8) -> String {
    (0x21...0x7e).contains(byte)
      ? "“\(Character(Unicode.Scalar(byte)))”"
      : "byte 0x\(byte < 16 ? "0" : "")\(String(byte, radix: 16))"
  }
}
