import Acoustics
import Quantization
import TestSupport
import Testing

extension FrontEndVariant {
  /// All that this processor can run but the definition.
  static var faster: [FrontEndVariant] { [.avx2, .avx512, .neon].filter(\.isAvailable) }
}

/// Every variant against portable Swift, which the other tests hold against the oracle.
@Suite struct VariantTests {
  @Test func theBestVariantIsAvailable() {
    #expect(FrontEndVariant.best.isAvailable)
    #expect(FrontEndVariant.portable.isAvailable)
    print("front-end variants here:", FrontEndVariant.faster)
  }

  /// Samples of one kind: noise of any loudness, all extremes, sparse pulses, steps, a direct
  /// current.
  private func samples(_ count: Int, _ random: inout SplitMix) -> [Int16] {
    let loudness = Int16(1) << Int16.random(in: 0...14, using: &random)
    let style = Int.random(in: 0...5, using: &random)
    let constant = Int16.random(in: .min ... .max, using: &random)
    return (0..<count).map { index in
      switch style {
      case 0, 1: Int16.random(in: -loudness...loudness, using: &random)
      case 2: Bool.random(using: &random) ? .min : .max
      case 3: Int.random(in: 0...99, using: &random) == 0 ? .min : 0
      case 4: index / 37 % 2 == 0 ? .min : .max
      default: constant
      }
    }
  }

  private func definition(
    _ number: Int, _ random: inout SplitMix
  ) -> FrontEndDefinition {
    let fft: Int32 = [512, 512, 512, 1024, 2048][number % 5]
    let bands = Int32.random(in: 1...128, using: &random)
    let least = Float.random(in: 0...3000, using: &random)
    return FrontEndDefinition(
      frame: 2 * Int32.random(in: 8...fft / 2, using: &random), hop: 16, fft: fft, bands: bands,
      coefficients: 1, minimumFrequency: least,
      maximumFrequency: Float.random(in: least + 100...8000, using: &random),
      extras: .init(rawValue: UInt32.random(in: 0...127, using: &random)))
  }

  @Test func framesAreEqualInAHundredThousandCases() throws {
    var random = SplitMix(seed: 51)
    for number in 0..<250 {
      let definition = definition(number, &random)
      let signal = (0..<4).flatMap { _ in samples(1600, &random) } + samples(2048, &random)
      let expected = try FixedFrontEnd(definition, variant: .portable).raw(signal)
      try #require(expected.count >= 400)
      for variant in FrontEndVariant.faster {
        let found = try FixedFrontEnd(definition, variant: variant).raw(signal)
        guard found == expected else {
          let frame = zip(found, expected).enumerated().first { $1.0 != $1.1 }!.offset
          Issue.record("\(variant), \(definition), frame \(frame)")
          return
        }
      }
    }
  }

  @Test(arguments: 0..<7) func everyFrameLengthIsEqual(remainder: Int) throws {
    var random = SplitMix(seed: 51)
    for frame in stride(from: 16 + 2 * remainder, through: 512, by: 14) {
      let definition = FrontEndDefinition(frame: Int32(frame), hop: Int32(frame), extras: .voice)
      let signal = samples(4 * frame, &random)
      let expected = try FixedFrontEnd(definition, variant: .portable).raw(signal)
      for variant in FrontEndVariant.faster {
        #expect(try FixedFrontEnd(definition, variant: variant).raw(signal) == expected)
      }
    }
  }

  @Test func mapsAreEqualInAHundredThousandCases() throws {
    var random = SplitMix(seed: 51)
    for number in 0..<500 {
      let bands = number % 129
      let definition = FrontEndDefinition(
        bands: Int32(max(bands, 1)),
        coefficients: Int32.random(in: 1...Int32(max(bands, 1)), using: &random),
        extras: .init(rawValue: UInt32.random(in: 0...255, using: &random)))
      // From deviations that saturate nearly everything to some that leave nothing.
      let means = (0..<definition.columns).map { _ in Double.random(in: -20...20, using: &random) }
      let deviations = means.map { _ in
        Double.random(in: 0.2...1, using: &random) * [2e-5, 0.01, 1, 30, 1e6].randomElement(
          using: &random)!
      }
      let rows = (0..<200).map { row in
        let bound: Int32 = [.max, 1 << 28, 1 << 20, 100][row % 4]
        return (0..<definition.rawCount).map { _ in Int32.random(in: -bound...bound, using: &random)
        }
      }
      let expected = try mapped(
        rows, definition: definition, means: means, deviations: deviations, variant: .portable)
      for variant in FrontEndVariant.faster {
        let found = try mapped(
          rows, definition: definition, means: means, deviations: deviations, variant: variant)
        guard found.cepstra == expected.cepstra, found.features == expected.features else {
          Issue.record("\(variant), \(definition)")
          return
        }
      }
    }
  }
}
