import Testing

@testable import EventStream

@Suite struct LineBufferTests {
  /// What comes out when `bytes` arrive `chunk` at a time.
  private func items(_ bytes: [UInt8], chunk: Int, limit: Int) -> [LineBuffer.Item] {
    var buffer = LineBuffer(limit: limit)
    var items: [LineBuffer.Item] = []
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = min(chunk, buffer.room, rest.count)
      #expect(count > 0)
      rest.prefix(count).withUnsafeBytes { buffer.append($0) }
      rest = rest.dropFirst(count)
      while let item = buffer.next() { items.append(item) }
    }
    return items
  }

  @Test(arguments: [1, 2, 3, 7, 100]) func linesAreTheSameHoweverTheyArrive(chunk: Int) {
    let text =
      "one\n\ntwo\r\nexactly-10\nmore-than-10\nthree\nmuch-more-than-twice-ten\nfour\nunfinished"
    #expect(
      items(Array(text.utf8), chunk: chunk, limit: 10) == [
        .line(Array("one".utf8)), .line([]), .line(Array("two\r".utf8)),
        .line(Array("exactly-10".utf8)), .tooLong, .line(Array("three".utf8)), .tooLong,
        .line(Array("four".utf8)),
      ])
  }

  @Test func anEndlessLineIsReportedOnceInBoundedMemory() {
    var buffer = LineBuffer(limit: 100)
    var reports = 0
    for _ in 0..<10_000 {
      [UInt8](repeating: 120, count: min(64, buffer.room)).withUnsafeBytes { buffer.append($0) }
      while buffer.next() != nil { reports += 1 }
      #expect(buffer.room <= 101 && buffer.room > 0)
    }
    #expect(reports == 1)
  }
}
