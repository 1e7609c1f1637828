import FixedPoint
import Testing

@testable import Recognition

/// A baseline of three values with memory of its own.
private final class Fixture {
  static let corpusMean: [Int32] = [100_000, -7, 0]
  private let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 16_384, alignment: 64)
  private let mean = UnsafeMutablePointer<Int32>.allocate(capacity: 3)
  var baseline: TalkerBaseline

  init(_ parameters: RecognitionParameters = .standard) {
    mean.update(from: Fixture.corpusMean, count: 3)
    var arena = Arena(memory)
    baseline = TalkerBaseline(parameters, corpusMean: mean, width: 3, arena: &arena)
    baseline.restart()
  }

  deinit {
    memory.deallocate()
    mean.deallocate()
  }

  var offset: [Int32] { (0..<3).map { baseline.offset[$0] } }

  func hearSegment(_ frame: [Int32], frames: Int) {
    for _ in 0..<frames { baseline.add(frame) }
    baseline.endSegment()
  }
}

@Suite struct TalkerBaselineTests {
  /// (Σ μ + 2g) / (n + 2) − g, with halves up, in doubles: exact for numbers this small.
  private func expected(_ means: [[Int32]]) -> [Int32] {
    (0..<3).map { index in
      let g = Double(Fixture.corpusMean[index])
      let sum = means.reduce(0) { $0 + Double($1[index]) } + 2 * g
      return Int32((sum / Double(means.count + 2) + 0.5).rounded(.down) - g)
    }
  }

  @Test func isZeroForAnUnknownTalker() {
    #expect(Fixture().offset == [0, 0, 0])
  }

  @Test func followsTheDefinitionOverThePastSegments() {
    let fixture = Fixture()
    var means: [[Int32]] = []
    for value in [Int32(90_000), 130_001, -5, 77, 1_000_000] {
      means.append([value, value / 3, -value])
      fixture.hearSegment(means.last!, frames: 30)
      #expect(fixture.offset == expected(means))
    }
    #expect(fixture.baseline.segments == 5)
  }

  @Test func remembersOnlyTheLastSegments() {
    let fixture = Fixture()
    var means: [[Int32]] = []
    for value in Int32(0)..<50 {
      means.append([value * 1000, value, -value])
      fixture.hearSegment(means.last!, frames: 31)
    }
    #expect(fixture.offset == expected(means.suffix(20)))
    #expect(fixture.baseline.segments == 20)
  }

  @Test func isFrozenWithinASegment() {
    let fixture = Fixture()
    for _ in 0..<100 { fixture.baseline.add([5, 5, 5]) }
    #expect(fixture.offset == [0, 0, 0])
  }

  @Test func aFewFramesTeachNothing() {
    let fixture = Fixture()
    fixture.hearSegment([1_000_000, 0, 0], frames: 29)
    #expect(fixture.baseline.segments == 0)
    fixture.hearSegment([200_000, 1, 1], frames: 30)
    #expect(fixture.offset == expected([[200_000, 1, 1]]))
  }

  @Test func anotherTalkerStartsAfresh() {
    let fixture = Fixture()
    fixture.hearSegment([200_000, 1, 1], frames: 30)
    fixture.baseline.restart()
    #expect(fixture.offset == [0, 0, 0])
    fixture.hearSegment([90_000, 2, 2], frames: 30)
    #expect(fixture.offset == expected([[90_000, 2, 2]]))
  }

  @Test func cancelsAGainFurtherWithEverySegment() {
    let fixture = Fixture()
    let gain: Int32 = 65_536 * 3
    for count in Int32(1)...20 {
      fixture.hearSegment(Fixture.corpusMean.map { $0 + gain }, frames: 40)
      #expect(abs(fixture.offset[0] - gain * count / (count + 2)) <= 1)
    }
  }
}
