import Testing

@testable import EventStream

@Suite struct HistoryTests {
  /// What the ring promises, in an array that only grows.
  private struct Model {
    var lines: [[UInt8]] = []
    var firstHeld = 1
  }

  @Test func holdsTheNewestLinesWhateverTheirLengths() {
    for seed in 0..<40 {
      var generator = SeededGenerator(state: UInt64(seed))
      var history = History(capacity: 8_192 + seed * 13)
      var model = Model()
      for _ in 0..<600 {
        let length = Int.random(
          in: 0...(Bool.random(using: &generator) ? 100 : 4_095), using: &generator)
        let line = (0..<length).map { _ in UInt8.random(in: 32...126, using: &generator) }
        model.lines.append(line)
        history.append(line, EventTraits(type: .all)) { sequence, _ in
          #expect(sequence == model.firstHeld, "lines leave in order, each once")
          model.firstHeld += 1
        }
        #expect(history.lastSequence == model.lines.count)
        #expect(history.firstSequence == model.firstHeld)
        #expect(history.count >= 1)
        for sequence in history.firstSequence...history.lastSequence {
          #expect(Array(history.line(sequence)) == model.lines[sequence - 1] + [10])
        }
      }
    }
  }

  @Test func holdsAsManyLinesAsItsBytesAllow() {
    var history = History(capacity: 100_000)
    let line = [UInt8](repeating: 65, count: 299)
    for _ in 0..<1_000 { history.append(line, EventTraits(type: .all)) { _, _ in } }
    // 333 fit; a new one may have to evict one more than itself at the end of the ring.
    #expect((331...333).contains(history.count))
  }
}

/// The same numbers every time (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var value = state
    value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
    value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
    return value ^ (value >> 31)
  }
}
