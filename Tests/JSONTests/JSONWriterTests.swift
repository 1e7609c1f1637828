import JSON
import Testing

@Suite struct JSONWriterTests {
  @Test func writesOneLineWithMembersInOrder() {
    let value: JSONValue = ["z": 1, "a": [true, nil, 0.5, "q\"\\\n\t\r\u{1}é"], "e": [:], "f": []]
    #expect(
      value.description == #"{"z":1,"a":[true,null,0.5,"q\"\\\n\t\r\u0001é"],"e":{},"f":[]}"#)
  }

  @Test func whatIsWrittenReadsBackEqual() throws {
    for number in [0.1, -1e-300, 1e300, .leastNonzeroMagnitude, 1.0, -0.0, 123456789.123] {
      #expect(try JSONValue(parsing: JSONValue.number(number).description).number == number)
    }
    for integer in [Int.min, -1, 0, 1, .max] {
      #expect(try JSONValue(parsing: JSONValue.integer(integer).description) == .integer(integer))
    }
  }

  @Test(arguments: [
    (0, 4, "0.0000"), (1, 4, "0.0001"), (305, 4, "0.0305"), (10_000, 4, "1.0000"),
    (-250, 2, "-2.50"), (-5, 1, "-0.5"), (42, 0, "42"), (Int.min, 0, "-9223372036854775808"),
  ])
  func writesDecimalsExactly(units: Int, places: Int, expected: String) {
    var writer = JSONWriter()
    writer.decimal(units, places: places)
    #expect(String(decoding: writer.bytes, as: UTF8.self) == expected)
  }

  @Test func objectsAreEqualWhateverTheirOrder() {
    let one: JSONValue = ["a": 1, "b": 2]
    let other: JSONValue = ["b": 2, "a": 1]
    #expect(one == other)
    #expect(one != ["a": 1, "b": 3])
  }

  @Test func removingAMemberKeepsTheOthersInPlace() throws {
    var object = try #require((["a": 1, "b": 2, "c": 3] as JSONValue).object)
    object["b"] = nil
    object["a"] = 5
    object["d"] = 4
    #expect(JSONValue.object(object).description == #"{"a":5,"c":3,"d":4}"#)
  }
}
