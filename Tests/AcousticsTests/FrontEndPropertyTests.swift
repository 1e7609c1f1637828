import Acoustics
import Foundation
import Quantization
import Reference
import Testing

/// Noise, silence and full-scale steps in one signal.
private let mixture: [Int16] =
  (0..<4000).map { _ in Int16.random(in: -300...300) }
  + [Int16](repeating: 0, count: 1000)
  + (0..<3000).map { $0 / 37 % 2 == 0 ? .min : .max }

@Suite struct FrontEndPropertyTests {
  @Test func anyCutIntoChunksGivesTheSameBytes() throws {
    let frontEnd = try FixedFrontEnd()
    let whole = frontEnd.raw(mixture) { mixture.count }
    #expect(whole.count == (mixture.count - 400) / 160 + 1)
    for size in [1, 3, 159, 160, 161, 399, 400, 401, 1000] {
      #expect(frontEnd.raw(mixture) { size } == whole)
    }
    for _ in 0..<5 {
      #expect(frontEnd.raw(mixture) { Int.random(in: 1...700) } == whole)
    }
  }

  @Test func restartForgetsEverything() throws {
    let frontEnd = try FixedFrontEnd()
    let first = frontEnd.raw(mixture) { 333 }
    #expect(frontEnd.raw(mixture) { 160 } == first)
  }

  @Test(arguments: [(400, 160), (400, 400), (512, 1), (16, 16)] as [(Int32, Int32)])
  func framesStartOneHopApart(frame: Int32, hop: Int32) throws {
    let definition = FrontEndDefinition(frame: frame, hop: hop)
    let samples = Array(mixture.suffix(1500))
    let rows = try FixedFrontEnd(definition).raw(samples)
    #expect(rows.count == (1500 - Int(frame)) / Int(hop) + 1)
    // The k-th row is the first row of the signal from sample k·hop on.
    let third = try FixedFrontEnd(definition).raw(Array(samples.dropFirst(2 * Int(hop))))
    #expect(rows[2] == third[0])
  }

  @Test(arguments: [512, 1024, 2048] as [Int32])
  func extremesNeverTrap(fft: Int32) throws {
    let definition = FrontEndDefinition(frame: fft, hop: fft, fft: fft, minimumFrequency: 0)
    let frontEnd = try FixedFrontEnd(definition)
    let oracle = FloatFrontEnd(definition)
    let patterns: [(Int) -> Int16] = [
      { _ in .min }, { _ in .max }, { $0 % 2 == 0 ? .min : .max }, { $0 % 4 < 2 ? .min : .max },
      { $0 % 2 == 0 ? .min : 0 }, { $0 == 7 ? .min : 0 }, { _ in Bool.random() ? .min : .max },
      { $0 == 7 ? 1 : 0 }, { _ in 0 },
    ]
    for pattern in patterns {
      let samples = (0..<Int(fft)).map(pattern)
      let fixed = frontEnd.raw(samples)[0].map { Double($0) / 65536 }
      // Bands far below a full-scale line show the rounding of 30 bits: ±0.1 nepers at most.
      for (f, e) in zip(fixed, oracle.raw(samples)[0]) { #expect(abs(f - e) < 0.1) }
    }
  }

  @Test func gainMovesEveryBandAlike() throws {
    let frontEnd = try FixedFrontEnd()
    let noise = (0..<8000).map { _ in Int16.random(in: -2000...2000) }
    let louder = noise.map { $0 * 8 }
    for (row, loud) in zip(frontEnd.raw(noise), frontEnd.raw(louder)) {
      for (a, b) in zip(row, loud) { #expect(abs(Double(b - a) / 65536 - log(64)) < 1e-4) }
    }
  }

  @Test func levelIgnoresDirectCurrent() throws {
    let frontEnd = try FixedFrontEnd()
    let tone = (0..<400).map { Int16(1000 * sin(2 * .pi * Double($0) / 40)) }
    let level = frontEnd.raw(tone)[0].last!
    #expect(frontEnd.raw(tone.map { $0 + 5000 })[0].last! == level)
    #expect(abs(Double(level) / 65536 - log(500_000)) < 0.01)
    let silence = frontEnd.raw([Int16](repeating: -77, count: 400))[0].last!
    #expect(abs(Double(silence) / 65536 - log(1.0 / 12)) < 1e-4)
  }

  @Test(arguments: [40, 64, 80] as [Int32], [0.9, 1, 1.1])
  func everyBandHearsSomething(bands: Int32, warp: Double) throws {
    let definition = FrontEndDefinition(bands: bands, minimumFrequency: 40)
    let bank = MelFilterBank(definition, warp: warp)
    for band in bank.bands { #expect(band.weights.max()! > 0.4) }
    _ = try FixedFrontEnd(definition, warp: warp)
  }
}
