import Evaluation
import FixedPoint
import ModelFile
import Recognition
import TestSupport
import Testing

@testable import Quantization

@Suite struct SpeechDetectorTests {
  /// The verdicts of a gate and a network on frames.
  private func verdicts(
    _ parameters: EnergyDetector.Parameters, _ detector: LoadedDetector?, _ frames: DetectorFrames
  ) -> [EnergyDetector.Activity] {
    func make(_ arena: inout Arena) -> SpeechDetector {
      SpeechDetector(parameters, network: detector?.network, bandCount: 40, arena: &arena)
    }
    let memory = ArenaMemory { _ = make(&$0) }
    defer { withExtendedLifetime((memory, detector)) {} }
    var arena = memory.arena()
    var hearing = make(&arena)
    hearing.restart()
    var verdicts: [EnergyDetector.Activity] = []
    frames.forEach { verdicts.append(hearing.hear($0)) }
    return verdicts
  }

  /// A gate that random frames, louder and softer by chance, pass now and then.
  private var gate: EnergyDetector.Parameters {
    var gate = EnergyDetector.Parameters.standard
    gate.gate = 0
    gate.open = 30_000
    gate.keep = 10_000
    gate.blocks = 1
    return gate
  }

  @Test func aNetworkThatHearsSpeechInEverythingLeavesTheGatesVerdict() throws {
    let fixture = DetectorFixture(bias: 30)
    let frames = try DetectorFrames(fixture, seed: 5)
    let gated = verdicts(gate, try fixture.loaded(), frames)
    #expect(gated == verdicts(gate, nil, frames))
    #expect(Set(gated).count == 3, "the gate must be shut, ajar and open at times")
  }

  @Test func aNetworkThatHearsNoSpeechKeepsEverythingQuiet() throws {
    let fixture = DetectorFixture(bias: -30)
    let frames = try DetectorFrames(fixture, seed: 5)
    #expect(verdicts(gate, try fixture.loaded(), frames).allSatisfy { $0 == .quiet })
  }

  @Test func aFrameIsTheLesserOfTheGatesAndTheNetworksVerdict() throws {
    let fixture = DetectorFixture()
    let frames = try DetectorFrames(fixture, seed: 5)
    let detector = try fixture.loaded()
    var open = gate
    (open.open, open.keep, open.gate) = (0, 0, 0)
    let both = verdicts(gate, detector, frames)
    let energy = verdicts(gate, nil, frames)
    #expect(zip(both, energy).allSatisfy { $0.rawValue <= $1.rawValue })
    #expect(zip(both, energy).contains { $0 != $1 && $0 != .quiet })
    let wide = verdicts(open, detector, frames)
    for index in both.indices where energy[index] == .strong {
      #expect(both[index].rawValue >= wide[index].rawValue)
    }
  }

  /// What a recognizer with `detector` tells of `samples` that come in pieces of up to `size`.
  private func told(
    _ detector: LoadedDetector, _ samples: [Int16], size: Int
  ) -> [String] {
    var mean = [Int32](repeating: 0, count: 41)
    return mean.withUnsafeMutableBufferPointer { mean in
      let tables = RecognitionTables(
        parameters: detector.parameters, corpusMean: mean.baseAddress!, classCount: 2,
        detector: detector.network)
      func make(_ arena: inout Arena) -> Recognizer<NoClassifier> {
        Recognizer(tables, frontEnd: detector.frontEnd, network: NoClassifier(), arena: &arena)
      }
      let memory = ArenaMemory { _ = make(&$0) }
      defer { withExtendedLifetime((memory, detector)) {} }
      var arena = memory.arena()
      var recognizer = make(&arena)
      recognizer.restart()
      var told: [String] = []
      samples.withUnsafeBufferPointer { samples in
        for start in stride(from: 0, to: samples.count, by: size) {
          let piece = samples[start..<min(start + size, samples.count)]
          recognizer.push(UnsafeBufferPointer(rebasing: piece)) { told.append("\($0)") }
        }
      }
      recognizer.interrupt { told.append("\($0)") }
      return told
    }
  }

  @Test func anyChunkingOfSamplesTellsTheSame() throws {
    let detector = try DetectorFixture(bias: 2).loaded()
    var generator = SplitMix(seed: 77)
    let samples = (0..<96_000).map { index in
      Int16(generator.normal() * (index / 12_000 % 2 == 0 ? 30 : 2000))
    }
    let whole = told(detector, samples, size: samples.count)
    #expect(whole.count > 6, "speech must be heard: \(whole)")
    for size in [160, 1601, 7919] { #expect(told(detector, samples, size: size) == whole) }
    let silent = try DetectorFixture(bias: -30).loaded()
    #expect(told(silent, samples, size: 1600).isEmpty)
  }
}
