import Glibc
import Testing

@testable import EventStream

@Suite struct IdentityTests {
  @Test func aRunIsWrittenAsItWasRead() {
    let text = "00112233445566778899aabbccddeeff"
    #expect(RunIdentifier(hexadecimal: text)?.description == text)
    #expect(RunIdentifier(hexadecimal: text.uppercased())?.description == text)
    let random = RunIdentifier.random()
    #expect(RunIdentifier(hexadecimal: random.description) == random)
    #expect(random != .random())
  }

  @Test(arguments: [
    "", "0011", String(repeating: "g", count: 32), String(repeating: "0", count: 33),
    "+0112233445566778899aabbccddeeff",
  ])
  func whatIsNotARunIsRefused(text: String) {
    #expect(RunIdentifier(hexadecimal: text) == nil)
  }

  @Test func aCursorIsWrittenAsItWasRead() {
    let text = "00112233445566778899aabbccddeeff:42"
    #expect(Cursor(text)?.sequence == 42)
    #expect(Cursor(text)?.description == text)
  }

  @Test(arguments: [":", ":-1", ":+1", ":1:2", ":1 ", ":99999999999999999999", "", "0:1"])
  func whatIsNotACursorIsRefused(tail: String) {
    #expect(Cursor("00112233445566778899aabbccddeeff" + tail) == nil)
  }

  @Test func aTimestampIsWhatTheSystemsCalendarSays() {
    var generator = SystemRandomNumberGenerator()
    let edges = [0, 951_782_400_000, 951_868_799_999, 4_107_542_400_000, -1, -86_400_001]
    let random = (0..<2_000).map { _ in
      Int.random(in: -62_000_000_000_000...253_000_000_000_000, using: &generator)
    }
    for milliseconds in edges + random {
      let seconds = Int((Double(milliseconds) / 1_000).rounded(.down))
      var time = time_t(seconds)
      var fields = tm()
      gmtime_r(&time, &fields)
      var text = [CChar](repeating: 0, count: 64)
      strftime(&text, 64, "%m-%dT%H:%M:%S", &fields)
      let year = String(Int(fields.tm_year) + 1_900)
      let milli = String(milliseconds - seconds * 1_000)
      let expected =
        String(repeating: "0", count: 4 - year.count) + year + "-"
        + String(decoding: text.prefix { $0 != 0 }.map { UInt8($0) }, as: UTF8.self) + "."
        + String(repeating: "0", count: 3 - milli.count) + milli + "Z"
      #expect(Timestamp(milliseconds: milliseconds).description == expected)
    }
  }

  @Test func aTimestampOutsideFourDigitYearsIsClamped() {
    #expect(Timestamp(milliseconds: .max).description == "9999-12-31T23:59:59.999Z")
    #expect(Timestamp(milliseconds: .min).description == "0000-01-01T00:00:00.000Z")
  }
}
