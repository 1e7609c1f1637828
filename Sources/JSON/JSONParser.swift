extension JSONValue {
  /// Reads one document, which must fill `bytes` but for white space.
  ///
  /// Strict: RFC 8259 and nothing more, UTF-8 without byte-order mark, no name twice in one object,
  /// no number beyond a double. Never reads outside `bytes`, never recurses deeper than
  /// `maximumDepth` arrays and objects.
  public init(
    parsing bytes: UnsafeRawBufferPointer, maximumDepth: Int = 64
  ) throws(JSONProblem) {
    var parser = JSONParser(bytes: bytes, remainingDepth: maximumDepth, maximumDepth: maximumDepth)
    self = try parser.document()
  }

  /// Reads one document, which must fill `bytes` but for white space. See
  /// `init(parsing:maximumDepth:)`.
  public init(parsing bytes: [UInt8], maximumDepth: Int = 64) throws(JSONProblem) {
    let result = bytes.withUnsafeBytes { (buffer) -> Result<JSONValue, JSONProblem> in
      Result { () throws(JSONProblem) in
        try JSONValue(parsing: buffer, maximumDepth: maximumDepth)
      }
    }
    self = try result.get()
  }

  /// Reads one document, which must fill `text` but for white space. See
  /// `init(parsing:maximumDepth:)`.
  public init(parsing text: String, maximumDepth: Int = 64) throws(JSONProblem) {
    try self.init(parsing: Array(text.utf8), maximumDepth: maximumDepth)
  }
}

/// A recursive-descent parser: a place in the bytes, and how deep it may still go.
struct JSONParser {
  let bytes: UnsafeRawBufferPointer
  var position = 0
  var remainingDepth: Int
  let maximumDepth: Int

  init(bytes: UnsafeRawBufferPointer, remainingDepth: Int, maximumDepth: Int) {
    self.bytes = bytes
    self.remainingDepth = remainingDepth
    self.maximumDepth = maximumDepth
  }

  mutating func document() throws(JSONProblem) -> JSONValue {
    skipWhiteSpace()
    let value = try self.value()
    skipWhiteSpace()
    guard position == bytes.count else { throw JSONProblem(.trailingBytes, at: position) }
    return value
  }

  private mutating func value() throws(JSONProblem) -> JSONValue {
    switch try current() {
    case UInt8(ascii: "{"):
      return .object(try nested { parser throws(JSONProblem) in try parser.object() })
    case UInt8(ascii: "["):
      return .array(try nested { parser throws(JSONProblem) in try parser.array() })
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try literal("true", .bool(true))
    case UInt8(ascii: "f"): return try literal("false", .bool(false))
    case UInt8(ascii: "n"): return try literal("null", .null)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
    case let byte: throw JSONProblem(.unexpectedByte(byte), at: position)
    }
  }

  private mutating func nested<Part>(
    _ body: (inout JSONParser) throws(JSONProblem) -> Part
  ) throws(JSONProblem) -> Part {
    guard remainingDepth > 0 else { throw JSONProblem(.tooDeep(limit: maximumDepth), at: position) }
    remainingDepth -= 1
    defer { remainingDepth += 1 }
    return try body(&self)
  }

  private mutating func object() throws(JSONProblem) -> JSONObject {
    var object = JSONObject()
    position += 1
    skipWhiteSpace()
    if try take(UInt8(ascii: "}")) { return object }
    while true {
      let start = position
      guard try current() == UInt8(ascii: "\"") else { throw unexpected() }
      let key = try string()
      guard object[key] == nil else { throw JSONProblem(.duplicateKey(key), at: start) }
      skipWhiteSpace()
      guard try take(UInt8(ascii: ":")) else { throw unexpected() }
      skipWhiteSpace()
      object[key] = try value()
      skipWhiteSpace()
      if try take(UInt8(ascii: "}")) { return object }
      guard try take(UInt8(ascii: ",")) else { throw unexpected() }
      skipWhiteSpace()
    }
  }

  private mutating func array() throws(JSONProblem) -> [JSONValue] {
    var array: [JSONValue] = []
    position += 1
    skipWhiteSpace()
    if try take(UInt8(ascii: "]")) { return array }
    while true {
      array.append(try value())
      skipWhiteSpace()
      if try take(UInt8(ascii: "]")) { return array }
      guard try take(UInt8(ascii: ",")) else { throw unexpected() }
      skipWhiteSpace()
    }
  }

  private mutating func literal(
    _ text: StaticString, _ value: JSONValue
  ) throws(JSONProblem) -> JSONValue {
    for index in 0..<text.utf8CodeUnitCount {
      guard try take(text.utf8Start[index]) else { throw unexpected() }
    }
    return value
  }

  private mutating func skipWhiteSpace() {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x09, 0x0a, 0x0d: position += 1
      default: return
      }
    }
  }

  /// The byte at the current place.
  func current() throws(JSONProblem) -> UInt8 {
    guard position < bytes.count else { throw JSONProblem(.unexpectedEnd, at: bytes.count) }
    return bytes[position]
  }

  /// Steps over `byte` if it is the next one.
  mutating func take(_ byte: UInt8) throws(JSONProblem) -> Bool {
    guard try current() == byte else { return false }
    position += 1
    return true
  }

  private func unexpected() -> JSONProblem {
    position < bytes.count
      ? JSONProblem(.unexpectedByte(bytes[position]), at: position)
      : JSONProblem(.unexpectedEnd, at: bytes.count)
  }
}
