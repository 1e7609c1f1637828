import FixedPoint
import TestSupport
import Testing

@testable import Inference

/// Sums, concatenations and centring of codes: every variant against portable Swift, which `KernelTests`
/// holds against the definitions.
@Suite struct CodeGridTests {
  private static let faster = KernelVariant.available.filter { $0 != .portable }

  private func codes(_ count: Int, _ random: inout SplitMix) -> [Int8] {
    let isExtreme = random.chance(0.2)
    return (0..<count).map { _ in
      Int8(isExtreme ? (random.chance(0.5) ? 127 : -128) : random.integer(-128...127))
    }
  }

  /// Runs `body` for portable Swift and for `variant`: equal codes, and nothing written behind
  /// them.
  private func compare(
    _ variant: KernelVariant, count: Int,
    _ body: (KernelVariant, UnsafeMutablePointer<Int8>) -> Void
  ) {
    var results: [[Int8]] = []
    for variant in [.portable, variant] {
      var codes = [Int8](repeating: 55, count: count + 20)
      codes.withUnsafeMutableBufferPointer { body(variant, $0.baseAddress!) }
      results.append(codes)
    }
    #expect(results[0] == results[1], "\(count) codes")
    #expect(results[1][count...].allSatisfy { $0 == 55 }, "nothing is written past the last code")
  }

  @Test(arguments: faster) func sumsAreEqual(variant: KernelVariant) {
    var random = SplitMix(seed: 44)
    for _ in 0..<10_000 {
      let count = random.integer(1...70)
      let (left, right) = (codes(count, &random), codes(count, &random))
      let zeroPoint = Int32(random.integer(-128...127))
      let greatest = random.chance(0.2) ? 1 << 21 : 1 << random.integer(1...21)
      let sum = CodeGrids.Sum(
        constants: AddConstants(
          first: Int32(random.integer(0...greatest)), second: Int32(random.integer(0...greatest)),
          shift: Int32(random.integer(1...30))),
        leftZero: Int32(random.integer(-128...127)), rightZero: Int32(random.integer(-128...127)),
        zeroPoint: zeroPoint, least: random.chance(0.5) ? zeroPoint : -128)
      compare(variant, count: count) { variant, result in
        CodeGrids.add(left, right, count: count, sum, into: result, variant: variant)
      }
    }
  }

  @Test(arguments: faster) func centredCodesAreEqual(variant: KernelVariant) {
    var random = SplitMix(seed: 46)
    for _ in 0..<10_000 {
      let count = random.integer(1...70)
      let source = codes(count, &random)
      let greatest = 1 << random.integer(0...27) - 1
      let offsets = (0..<count).map { _ in Int32(random.integer(-greatest...greatest)) }
      let zeroPoint = Int32(random.integer(-128...127))
      let requantize = Requantizer(
        mantissa: Int32(random.integer(1 << 30...0x7fff_ffff)),
        shift: Int32(random.integer(24...62)), zeroPoint: zeroPoint)
      let zero = Int32(random.integer(-128...127))
      let least = random.chance(0.5) ? Int8(zeroPoint) : -128
      compare(variant, count: count) { variant, result in
        CodeGrids.centre(
          source, less: offsets, count: count, zero: zero, requantize, least: least, into: result,
          variant: variant)
      }
    }
  }

  @Test(arguments: faster) func movedCodesAreEqual(variant: KernelVariant) {
    var random = SplitMix(seed: 45)
    for _ in 0..<10_000 {
      let count = random.integer(1...70)
      let source = codes(count, &random)
      let mantissa =
        random.chance(0.1)
        ? (random.chance(0.5) ? 0 : 1 << 30) : random.integer(1 << 30...0x7fff_ffff)
      let rescale = Rescaler(mantissa: Int32(mantissa), shift: Int32(random.integer(24...62)))
      let zero = Int32(random.integer(-128...127))
      let zeroPoint = Int32(random.integer(-128...127))
      compare(variant, count: count) { variant, result in
        CodeGrids.move(
          source, count: count, zero: zero, rescale, zeroPoint: zeroPoint, into: result,
          variant: variant)
      }
    }
  }
}
