import Acoustics
import Foundation
import Reference
import Testing

/// Cepstra of the oracle and of the fixed-point path for the same samples, and which frames are
/// speech.
private struct Comparison {
  var exact: [[Double]] = []
  var fixed: [[Double]] = []
  var speech: [Bool] = []

  init(_ clips: [[Int16]], _ definition: FrontEndDefinition = FrontEndDefinition()) throws {
    let frontEnd = try FixedFrontEnd(definition)
    let oracle = FloatFrontEnd(definition)
    let transform = CosineTransform(
      bands: Int(definition.bands), coefficients: Int(definition.coefficients))
    let ones = [Double](repeating: 1, count: Int(definition.coefficients))
    for clip in clips {
      let raw = oracle.raw(clip)
      exact += raw.map { transform($0) }
      speech += SignalToNoise.speech(levels: raw.map { $0[Int(definition.bands)] })
      let cepstra = try mapped(
        frontEnd.raw(clip), definition: definition, means: ones, deviations: ones
      ).cepstra
      fixed += cepstra.map { $0.map { Double($0) / 65536 } }
    }
    try #require(exact.count == fixed.count && !exact.isEmpty)
  }
}

private func require(_ comparison: Comparison, _ name: String) {
  let ratio = SignalToNoise(
    exact: comparison.exact, fixed: comparison.fixed, speech: comparison.speech)
  func decibels(_ value: Double) -> String { String(format: "%.1f dB", value) }
  print(
    "front end against double precision, \(name): \(decibels(ratio.overall)), worst coefficient",
    "\(decibels(ratio.worstCoefficient)), worst frame \(decibels(ratio.worstFrame)),",
    "silence included \(decibels(ratio.allFrames))")
  #expect(ratio.overall >= 80)
  #expect(ratio.worstCoefficient >= 66)
  #expect(ratio.worstFrame >= 66)
  #expect(ratio.allFrames >= 80)
}

@Suite struct FrontEndAccuracyTests {
  @Test func equalsTheOracleOnSynthesizedSpeech() throws {
    let silence = [Int16](repeating: 0, count: 16000)
    require(try Comparison(Speech.synthetic + [silence]), "espeak-ng")
  }

  @Test(.enabled(if: Speech.corpusFolder != nil))
  func equalsTheOracleOnRecordedSpeech() throws {
    let silence = [Int16](repeating: 0, count: 16000)
    require(try Comparison(Speech.corpus(count: 60) + [silence]), "CREMA-D dev")
  }

  @Test(arguments: [20, 40, 60, 66, 80])
  func quietSpeechIsAsExactAsItsSamplesAllow(attenuation: Int) throws {
    let gain = pow(10, -Double(attenuation) / 20)
    let quiet = Speech.synthetic.map { $0.map { Int16((Double($0) * gain).rounded()) } }
    let comparison = try Comparison(quiet)
    let everything = [Bool](repeating: true, count: comparison.exact.count)
    let ratio = SignalToNoise(
      exact: comparison.exact, fixed: comparison.fixed, speech: everything)
    #expect(ratio.overall >= 80)
  }

  @Test(arguments: [512, 1024, 2048] as [Int32])
  func longerTransformsAreAsExact(fft: Int32) throws {
    let definition = FrontEndDefinition(
      frame: min(fft, 1024), hop: 256, fft: fft, bands: 64, coefficients: 20,
      minimumFrequency: 40)
    require(try Comparison(Speech.synthetic, definition), "transform of \(fft)")
  }

  @Test(arguments: ["sine", "direct current", "Nyquist", "impulse", "silence"])
  func hardSignalsStayExact(name: String) throws {
    let signal: [Int16] = (0..<16000).map { index in
      switch name {
      case "sine": Int16((32767 * sin(2 * .pi * 1000.3 * Double(index) / 16000)).rounded())
      case "direct current": -32768
      case "Nyquist": index % 2 == 0 ? 32767 : -32768
      case "impulse": index % 1000 == 0 ? 32767 : 0
      default: 0
      }
    }
    let comparison = try Comparison([signal])
    let ratio = SignalToNoise.raw(exact: comparison.exact, fixed: comparison.fixed)
    print("front end, full-scale \(name): \(String(format: "%.1f", ratio)) dB raw")
    #expect(ratio >= 66)
  }
}
