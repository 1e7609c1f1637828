import FixedPoint
import Testing

@testable import Recognition

/// A detector with memory of its own, hearing frames whose four bands are all equal.
private final class Fixture {
  private let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 4096, alignment: 64)
  private var detector: EnergyDetector

  init() {
    var arena = Arena(memory)
    detector = EnergyDetector(.standard, bandCount: 4, arena: &arena)
    detector.restart()
  }

  deinit { memory.deallocate() }

  /// Hears `count` frames of natural log power `level` and returns the verdicts.
  func hear(_ level: Double, _ count: Int) -> [EnergyDetector.Activity] {
    let frame = [Int32](repeating: Int32(level * 65_536), count: 4)
    return (0..<count).map { _ in detector.hear(frame) }
  }

  func restart() { detector.restart() }
}

@Suite struct EnergyDetectorTests {
  @Test func steadyNoiseIsQuietOnceItIsTheFloor() {
    let fixture = Fixture()
    #expect(fixture.hear(13, 300).allSatisfy { $0 == .quiet })
    let louder = fixture.hear(16, 600)
    #expect(louder.first(where: { $0 == .strong }) != nil)
    #expect(louder.suffix(300).allSatisfy { $0 == .quiet })
  }

  @Test func speechOverTheFloorIsStrongAndItsTailWeak() {
    let fixture = Fixture()
    _ = fixture.hear(13, 100)
    #expect(fixture.hear(17, 50).last == .strong)
    #expect(fixture.hear(14.3, 50).last == .weak)
    #expect(fixture.hear(13.5, 50).last == .quiet)
  }

  @Test func aStreamThatBeginsWithSpeechOpensAtOnce() {
    #expect(Fixture().hear(19, 5) == Array(repeating: .strong, count: 5))
  }

  @Test func nothingUnderTheGateIsSpeech() {
    let fixture = Fixture()
    _ = fixture.hear(4, 100)
    #expect(fixture.hear(7.9, 100).allSatisfy { $0 == .quiet })
  }

  @Test func restartForgetsTheFloor() {
    let fixture = Fixture()
    let first = fixture.hear(13, 40) + fixture.hear(17, 40)
    fixture.restart()
    #expect(fixture.hear(13, 40) + fixture.hear(17, 40) == first)
  }

  @Test(arguments: [Int32.min, .max]) func noFrameCanTrap(value: Int32) {
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 4096, alignment: 64)
    defer { memory.deallocate() }
    var arena = Arena(memory)
    var detector = EnergyDetector(.standard, bandCount: 4, arena: &arena)
    detector.restart()
    let extremes =
      [[Int32]](repeating: [value, value, value, value], count: 3) + [
        [~value, ~value, ~value, ~value]
      ]
    for frame in extremes + extremes { _ = detector.hear(frame) }
  }
}
