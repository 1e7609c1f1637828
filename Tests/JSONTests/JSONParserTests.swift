import JSON
import TestSupport
import Testing

private func problem(_ text: String) -> JSONProblem? {
  do throws(JSONProblem) {
    _ = try JSONValue(parsing: text)
    return nil
  } catch { return error }
}

private func problem(_ bytes: [UInt8]) -> JSONProblem? {
  do throws(JSONProblem) {
    _ = try JSONValue(parsing: bytes)
    return nil
  } catch { return error }
}

@Suite struct JSONParserTests {
  @Test func readsEveryKindOfValue() throws {
    let value = try JSONValue(
      parsing:
        #" { "a" : [ 1 , -2.5e1, "x\ty\u00e9\ud83d\ude00" ] ,"b":{},"c":[],"d":null,"e":true,"f":false } "#
    )
    let expected: JSONValue = [
      "a": [1, -25.0, "x\tyé😀"], "b": [:], "c": [], "d": nil, "e": true, "f": false,
    ]
    #expect(value == expected)
  }

  @Test func keepsSixtyFourBitIntegersExact() throws {
    #expect(try JSONValue(parsing: "9223372036854775807") == .integer(.max))
    #expect(try JSONValue(parsing: "-9223372036854775808") == .integer(.min))
    #expect(try JSONValue(parsing: "9223372036854775808") == .number(0x1p63))
  }

  @Test func keepsTheSignOfZero() throws {
    #expect(try JSONValue(parsing: "-0").number?.sign == .minus)
    #expect(try JSONValue(parsing: "0") == .integer(0))
  }

  @Test(arguments: [
    ("01", 0), ("-", 1), ("1.", 2), (".5", 0), ("+1", 0), ("1e", 2), ("1e+", 3), ("-a", 0),
    ("1.a", 0), ("0x10", 1), ("NaN", 0), ("Infinity", 0), ("-01", 0), ("1 2", 2),
  ])
  func refusesNumbersThatJSONDoesNotAllow(text: String, offset: Int) {
    #expect(problem(text)?.offset == offset)
  }

  @Test func refusesNumbersBeyondADouble() {
    #expect(problem("[1e999]") == JSONProblem(.numberTooLarge, at: 1))
  }

  @Test(arguments: [
    ("", 0), ("  ", 2), ("{", 1), ("[1,", 3), ("{\"a\"", 4), ("{\"a\":", 5), ("\"abc", 4),
    ("\"\\", 2), ("\"\\u12", 5), ("tru", 3), ("[", 1), ("[1", 2),
  ])
  func reportsTheEndWhenTheDocumentStopsEarly(text: String, offset: Int) {
    #expect(problem(text) == JSONProblem(.unexpectedEnd, at: offset))
  }

  @Test func reportsTheByteAtFault() {
    #expect(problem("[1,]") == JSONProblem(.unexpectedByte(UInt8(ascii: "]")), at: 3))
    #expect(problem("{a:1}") == JSONProblem(.unexpectedByte(UInt8(ascii: "a")), at: 1))
    #expect(problem("{\"a\":1,}") == JSONProblem(.unexpectedByte(UInt8(ascii: "}")), at: 7))
    #expect(problem("trve") == JSONProblem(.unexpectedByte(UInt8(ascii: "v")), at: 2))
    #expect(problem("{} x") == JSONProblem(.trailingBytes, at: 3))
    #expect(problem("\"\\q\"") == JSONProblem(.invalidEscape, at: 1))
    #expect(problem("\"\u{1}\"") == JSONProblem(.controlCharacter(1), at: 1))
    #expect(problem("{\"a\":1,\"a\":2}") == JSONProblem(.duplicateKey("a"), at: 7))
  }

  @Test(arguments: [#""\ud800""#, #""\ud800x""#, #""\udc00""#, #""\ud800\n""#, #""\ud800\ud800""#])
  func refusesHalfASurrogatePair(text: String) {
    #expect(problem(text) == JSONProblem(.loneSurrogate, at: 1))
  }

  @Test(arguments: [
    [0x80], [0xc0, 0xaf], [0xc1, 0xbf], [0xe0, 0x80, 0xaf], [0xed, 0xa0, 0x80],
    [0xf4, 0x90, 0x80, 0x80],
    [0xff], [0xf8, 0x88, 0x80, 0x80, 0x80], [0xc3, 0x28], [0xe2, 0x28, 0xa1],
    [0xf0, 0x28, 0x8c, 0x28],
  ])
  func refusesWhatIsNotUTF8(sequence: [UInt8]) {
    let quote = UInt8(ascii: "\"")
    #expect(problem([quote] + sequence + [quote]) == JSONProblem(.invalidUTF8, at: 1))
  }

  @Test func refusesAByteOrderMark() {
    #expect(problem([0xef, 0xbb, 0xbf, 0x7b, 0x7d]) == JSONProblem(.unexpectedByte(0xef), at: 0))
  }

  @Test func refusesNestingBeyondTheLimit() throws {
    let deep = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
    _ = try JSONValue(parsing: deep)
    #expect(problem("[\(deep)]") == JSONProblem(.tooDeep(limit: 64), at: 64))
    #expect(problem(String(repeating: "[", count: 1_000_000))?.offset == 64)
  }

  @Test func anyBytesAreReadOrRefusedAndNeverCrash() throws {
    var generator = SplitMix(seed: 0x9e37_79b9_7f4a_7c15)
    let original = Array(
      #"{"cmd":"replay","id":7,"n":[1.5e3,-0,"é\u00e9\ud83d\ude00"],"x":{"y":null}}"#.utf8)
    for _ in 0..<20_000 {
      var bytes = original
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(
          in: 0...255, using: &generator)
      }
      bytes.removeLast(Int.random(in: 0...3, using: &generator))
      if let value = try? JSONValue(parsing: bytes) {
        #expect(try JSONValue(parsing: value.description) == value)
      }
    }
  }
}
