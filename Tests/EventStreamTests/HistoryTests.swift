import TestSupport
import Testing

@testable import EventStream

@Suite struct HistoryTests {
  @Test(arguments: 0..<8) func holdsTheNewestLinesWhateverTheirLengths(seed: Int) {
    var generator = SplitMix(seed: UInt64(seed))
    var history = History(capacity: 8_192 + seed * 13)
    var lines: [[UInt8]] = []
    var firstHeld = 1
    var faults = 0
    for _ in 0..<300 {
      let longest = Bool.random(using: &generator) ? 100 : 4_095
      let length = Int.random(in: 0...longest, using: &generator)
      lines.append([UInt8](repeating: UInt8.random(in: 32...126, using: &generator), count: length))
      history.append(lines[lines.count - 1], EventTraits(type: .all)) { sequence, _ in
        if sequence != firstHeld { faults += 1 }
        firstHeld += 1
      }
      let isRight =
        history.lastSequence == lines.count && history.firstSequence == firstHeld
        && history.count >= 1
        && (history.firstSequence...history.lastSequence).allSatisfy {
          history.line($0).elementsEqual(lines[$0 - 1] + [UInt8(ascii: "\n")])
        }
      if !isRight { faults += 1 }
    }
    #expect(faults == 0)
  }

  @Test func holdsAsManyLinesAsItsBytesAllow() {
    var history = History(capacity: 100_000)
    let line = [UInt8](repeating: 65, count: 299)
    for _ in 0..<1_000 { history.append(line, EventTraits(type: .all)) { _, _ in } }
    // 333 fit; a new one may have to evict one more than itself at the end of the ring.
    #expect((331...333).contains(history.count))
  }
}
