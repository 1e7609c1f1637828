import Acoustics
import FixedPoint
import Foundation
import Testing

/// The rates that sound cards have.
private let rates = [
  8000, 11025, 22050, 24000, 32000, 44100, 48000, 88200, 96000, 176_400, 192_000,
]

private func tone(_ frequency: Double, rate: Int, amplitude: Double = 16000) -> [Int16] {
  (0..<rate / 8).map {
    Int16((amplitude * sin(2 * .pi * frequency * Double($0) / Double(rate))).rounded())
  }
}

/// The gain in dB of the strongest thing that a tone of 16000 LSB leaves at the output, whatever
/// its frequency.
private func gain(of output: ArraySlice<Int16>) -> Double {
  let power = output.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(output.count)
  return 10 * log10(2 * power / (16000 * 16000) + 1e-12)
}

@Suite struct ResamplerTests {
  @Test(arguments: rates) func passesSpeechAndStopsWhatWouldFold(rate: Int) throws {
    let scale = min(1, Double(rate) / 16000)
    for frequency in [20.0, 310, 1000, 3333, 5000, 6500, 7000].map({ $0 * scale }) {
      let output = try resampled(tone(frequency, rate: rate), from: rate)
      #expect(abs(gain(of: output[200..<1800])) < 0.1, "\(frequency) Hz of \(rate)")
    }
    for frequency in [9000.0, 9500, 10_500, 12_345, 16_000, 20_000, 40_000, 90_000]
    where frequency <= Double(rate) / 2 {
      let output = try resampled(tone(frequency, rate: rate), from: rate)
      #expect(gain(of: output[200..<1800]) < -60, "\(frequency) Hz of \(rate)")
    }
  }

  @Test(arguments: [8000, 11025]) func leavesNoMirrorImageOfASlowSource(rate: Int) throws {
    // Output and oracle agree on the tone itself; what is left is the image above half the rate,
    // and rounding.
    for frequency in [200.0, 1000, 3000] {
      let output = try resampled(tone(frequency, rate: rate), from: rate)
      var residue = 0.0
      for n in 200..<1800 {
        let exact = 16000 * sin(2 * .pi * frequency * Double(n) / 16000)
        residue += pow(Double(output[n]) - exact, 2)
      }
      #expect(10 * log10(residue / 1600 / (16000 * 8000)) < -60)
    }
  }

  @Test(arguments: rates) func equalsTheOracle(rate: Int) throws {
    let noise = (0..<rate / 10).map { _ in Int16.random(in: -12000...12000) }
    let exact = FloatResampler(rate: rate).convert(noise)
    let fixed = try resampled(noise, from: rate)
    #expect(fixed.count <= exact.count && fixed.count > exact.count - 40)
    var (signal, error) = (0.0, 0.0)
    for (e, f) in zip(exact, fixed) {
      (signal, error) = (signal + e * e, error + pow(e - Double(f), 2))
    }
    // White noise is the worst that coefficients rounded to Q15 can meet: most of it is to be
    // stopped.
    #expect(10 * log10(signal / error) > 60)
  }

  @Test(arguments: rates) func keepsADirectCurrentExactly(rate: Int) throws {
    for value in [-32768, -12345, 1, 32767] as [Int16] {
      let output = try resampled([Int16](repeating: value, count: rate / 50), from: rate)
      #expect(output.dropFirst(40).allSatisfy { $0 == value })
    }
  }

  @Test(arguments: rates) func anyCutIntoChunksGivesTheSameBytes(rate: Int) throws {
    let noise = (0..<rate / 8).map { _ in Int16.random(in: .min ... .max) }
    let whole = try resampled(noise, from: rate) { noise.count }
    #expect(try resampled(noise, from: rate) { 1 } == whole)
    #expect(try resampled(noise, from: rate) { Int.random(in: 1...3000) } == whole)
  }

  @Test(arguments: rates) func fullScaleSaturatesAndNeverTraps(rate: Int) throws {
    // The signs that make the sum of one phase as large as it can be, and others.
    for period in [1, 2, 3, 5, 11] {
      let square = (0..<rate / 20).map { $0 / period % 2 == 0 ? Int16.max : .min }
      let exact = FloatResampler(rate: rate).convert(square)
      for (e, f) in zip(exact, try resampled(square, from: rate)) {
        #expect(abs(max(-32768, min(32767, e)) - Double(f)) < 30)
      }
    }
  }

  @Test func passesItsOwnRateUnchanged() throws {
    let noise = (0..<5000).map { _ in Int16.random(in: .min ... .max) }
    #expect(try resampled(noise, from: 16000) { 333 } == noise)
  }

  @Test func refusesWhatNoCardOffers() {
    var arena = Arena.counting()
    #expect(throws: Resampler.Problem.outOfRange(7999)) {
      _ = try Resampler(rate: 7999, arena: &arena)
    }
    #expect(throws: Resampler.Problem.outOfRange(192_001)) {
      _ = try Resampler(rate: 192_001, arena: &arena)
    }
    #expect(throws: Resampler.Problem.tooManyPhases(rate: 44101, phases: 16000)) {
      _ = try Resampler(rate: 44101, arena: &arena)
    }
  }
}
