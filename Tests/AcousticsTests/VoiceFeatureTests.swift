import Acoustics
import Foundation
import Quantization
import Reference
import Testing

private let definition = FrontEndDefinition(extras: .voice)

/// The voice features of every frame, level first.
private func voice(_ samples: [Int16]) throws -> [[Double]] {
  try FixedFrontEnd(definition).raw(samples).map { row in
    row[definition.levelIndex...].map { Double($0) / 65536 }
  }
}

/// A voiced sound: a pulse train through two resonances.
private func vowel(_ pitch: Double, gain: Double = 3000) -> [Int16] {
  (0..<8000).map { n in
    let t = Double(n) / 16000
    let harmonics = stride(from: pitch, to: 4000, by: pitch)
    let sum = harmonics.reduce(0.0) {
      $0 + cos(2 * .pi * $1 * t) / (1 + pow(($1 - 600) / 400, 2) + pow($1 / 2000, 2))
    }
    return Int16((gain * sum).rounded())
  }
}

@Suite struct VoiceFeatureTests {
  @Test func equalTheOracle() throws {
    let corpus = Speech.corpus(count: 40)
    let clips = corpus.isEmpty ? Speech.synthetic : corpus
    let oracle = FloatFrontEnd(definition)
    let fixedFrontEnd = try FixedFrontEnd(definition)
    var exact: [[Double]] = []
    var fixed: [[Double]] = []
    var speech: [Bool] = []
    var doubtful = 0
    for clip in clips {
      let rows = oracle.raw(clip)
      let spoken = SignalToNoise.speech(levels: rows.map { $0[40] })
      for (row, (values, isSpoken)) in zip(rows, zip(fixedFrontEnd.raw(clip), spoken)) {
        // Where two peaks of the map are equal to a rounding, the pitch is either of theirs.
        let peaks = row[41..<89].sorted().suffix(2)
        guard peaks[peaks.endIndex - 1] - peaks[peaks.endIndex - 2] > 1e-4 else {
          doubtful += 1
          continue
        }
        exact.append(Array(row[40...]))
        fixed.append(values[40...].map { Double($0) / 65536 })
        speech.append(isSpoken)
      }
    }
    let ratio = SignalToNoise(exact: exact, fixed: fixed, speech: speech)
    func decibels(_ value: Double) -> String { String(format: "%.1f dB", value) }
    print(
      "voice features against double precision: \(decibels(ratio.overall)), worst column",
      "\(decibels(ratio.worstCoefficient)), worst frame \(decibels(ratio.worstFrame)),",
      "silence included \(decibels(ratio.allFrames)); \(doubtful) of \(exact.count) frames in doubt"
    )
    #expect(ratio.overall >= 80)
    #expect(ratio.worstCoefficient >= 66)
    #expect(ratio.worstFrame >= 66)
    #expect(ratio.allFrames >= 80)
    #expect(doubtful * 100 <= exact.count)
  }

  @Test(arguments: [90.0, 121, 180, 233, 310, 410])
  func findThePitchOfAVowel(pitch: Double) throws {
    for frame in try voice(vowel(pitch)) {
      #expect(abs(frame[49] / frame[50] - log(pitch / 200)) < 0.015, "\(pitch) Hz")
      // A window of 25 ms does not resolve the harmonics of a low voice, so its peak is lower.
      #expect(frame[50] > (pitch < 180 ? 0.005 : pitch < 230 ? 0.5 : 0.9))
    }
  }

  @Test func hearNoVoiceInNoiseAndNoneInSilence() throws {
    let noise = (0..<8000).map { _ in Int16.random(in: -5000...5000) }
    let frames = try voice(noise)
    #expect(frames.reduce(0) { $0 + $1[50] } / Double(frames.count) < 0.3)
    for frame in try voice([Int16](repeating: 0, count: 2000)) {
      #expect(frame[50] < 0.3)
      // No crossings, no centroid, no flux; flat, and as much above 1 kHz as below but for the
      // number of bins.
      #expect(frame[52] == 0 && frame[53] == 0 && frame[54] == 0)
      #expect(abs(frame[55]) < 1e-3 && abs(frame[56]) < 1e-3)
    }
  }

  @Test func doNotDependOnLoudness() throws {
    let quiet = try voice(vowel(150, gain: 500))
    let loud = try voice(vowel(150, gain: 4000))
    for (a, b) in zip(quiet, loud) {
      for (x, y) in zip(a.dropFirst(), b.dropFirst()) { #expect(abs(x - y) < 0.05) }
    }
  }

  @Test func centroidAndCrossingsFollowATone() throws {
    for frequency in [500.0, 1000, 3000, 6000] {
      let tone = (0..<4000).map { Int16(8000 * sin(2 * .pi * frequency * Double($0) / 16000)) }
      for frame in try voice(tone) {
        #expect(abs(frame[53] - frequency / 1000) < 0.02)
        #expect(abs(frame[52] - frequency / 8000) < 0.005)
      }
    }
  }

  @Test func fluxIsZeroOnlyWhenNothingChanges() throws {
    let steady = try voice([Int16](repeating: 0, count: 1000))
    #expect(steady.allSatisfy { $0[54] == 0 })
    let changing = try voice(Array(vowel(110).prefix(4000)) + Array(vowel(260).prefix(4000)))
    let flux = changing.map { $0[54] }
    #expect(flux[0] == 0)
    #expect(flux.firstIndex(of: flux.max()!)! >= 22)
  }

  @Test func anyCutIntoChunksGivesTheSameBytes() throws {
    let frontEnd = try FixedFrontEnd(definition)
    let samples = vowel(130) + (0..<3000).map { _ in Int16.random(in: .min ... .max) }
    let whole = frontEnd.raw(samples) { samples.count }
    #expect(whole[0].count == 98)
    for size in [1, 161, 400, 999] { #expect(frontEnd.raw(samples) { size } == whole) }
  }

  @Test(arguments: [512, 1024, 2048] as [Int32])
  func extremesNeverTrap(fft: Int32) throws {
    let definition = FrontEndDefinition(frame: fft, hop: fft / 4, fft: fft, extras: .voice)
    let frontEnd = try FixedFrontEnd(definition)
    let oracle = FloatFrontEnd(definition)
    let patterns: [(Int) -> Int16] = [
      { _ in .min }, { _ in .max }, { $0 % 2 == 0 ? .min : .max }, { $0 % 146 == 7 ? .min : 0 },
      { _ in Bool.random() ? .min : .max }, { $0 == 7 ? 1 : 0 }, { _ in 0 },
    ]
    for pattern in patterns {
      let samples = (0..<3 * Int(fft)).map(pattern)
      for (fixed, exact) in zip(frontEnd.raw(samples), oracle.raw(samples)) {
        // But for the pitch, which equal peaks make ambiguous.
        for index in 41..<fixed.count where index != 89 {
          #expect(abs(Double(fixed[index]) / 65536 - exact[index]) < 0.02)
        }
      }
    }
  }
}
