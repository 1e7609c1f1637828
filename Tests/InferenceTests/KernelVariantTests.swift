import FixedPoint
import TestSupport
import Testing

@testable import Inference

extension KernelVariant {
  /// All that this processor can run, the definition first.
  static var available: [KernelVariant] {
    [.portable, .avx2, .avxVNNI, .avx512VNNI, .neon, .dotProduct].filter(\.isAvailable)
  }
}

/// Every variant against portable Swift, which the other tests hold against the definitions.
@Suite struct KernelVariantTests {
  private static let faster = KernelVariant.available.filter { $0 != .portable }

  /// Random memory in a matrix's layout, aligned, and a layer over it.
  private final class Layer {
    let layout: MatrixLayout
    private let block: UnsafeMutableRawPointer
    private let scratch: UnsafeMutableRawBufferPointer
    private(set) var layer: LinearLayer

    init(_ layout: MatrixLayout, variant: KernelVariant, _ fill: (UnsafeMutableRawPointer) -> Void)
    {
      self.layout = layout
      block = .allocate(byteCount: layout.byteCount, alignment: 64)
      scratch = .allocate(byteCount: layout.paddedOutputs * 4, alignment: 64)
      fill(block)
      var arena = Arena(scratch)
      layer = LinearLayer(layout, at: block, variant: variant, arena: &arena)
      layer.prepare()
    }

    deinit {
      block.deallocate()
      scratch.deallocate()
    }
  }

  /// Random bytes to copy weights and codes from.
  private struct Noise {
    let weights: [Int8]
    let codes: [Int8]

    init(_ style: Style, _ random: inout SplitMix) {
      weights = (0..<100_000).map { _ in Int8(style.weight(&random)) }
      codes = (0..<80_000).map { _ in Int8(style.code(&random)) }
    }
  }

  @Test func theBestVariantIsAvailable() {
    #expect(KernelVariant.best.isAvailable)
    #expect(KernelVariant.portable.isAvailable)
    print("kernel variants here:", KernelVariant.available)
  }

  @Test(arguments: faster, Style.allCases)
  func productsAreEqualOverAHundredThousandShapes(variant: KernelVariant, style: Style) {
    var random = SplitMix(seed: 41)
    let noise = Noise(style, &random)
    for number in 0..<100_000 {
      // Small shapes mostly, now and then one that is deeper than a chunk.
      let isDeep = number % 500 == 0
      let layout = MatrixLayout(
        outputs: random.integer(1...(isDeep ? 40 : 150)),
        depth: random.integer(1...(isDeep ? 1800 : 60)))
      let layer = Layer(layout, variant: variant) { block in
        let start = random.integer(0...noise.weights.count - layout.biases)
        noise.weights.withUnsafeBytes {
          block.copyMemory(from: $0.baseAddress! + start, byteCount: layout.biases)
        }
        for output in 0..<layout.paddedOutputs {
          block.storeBytes(
            of: Int32(truncatingIfNeeded: random.next() >> 45),
            toByteOffset: layout.biases + 4 * output, as: Int32.self)
        }
      }
      let rows = random.integer(1...(number % 10 == 0 ? 9 : 4))
      let stride = random.integer(0...200)
      let start = random.integer(0...60_000)
      var (expected, found) = ([Int32](), [Int32]())
      for (sums, variant) in [(1, KernelVariant.portable), (2, variant)] {
        var result = [Int32](repeating: 77, count: rows * layout.paddedOutputs)
        noise.codes.withUnsafeBufferPointer { codes in
          if variant == .portable {
            MatrixProduct.multiply(
              layer.layer.matrix, codes.baseAddress! + start, stride: stride, rows: rows,
              into: &result)
          } else {
            layer.layer.multiply(
              codes.baseAddress! + start, stride: stride, rows: rows, into: &result)
          }
        }
        if sums == 1 { expected = result } else { found = result }
      }
      guard found == expected else {
        Issue.record("\(layout), \(rows) rows \(stride) apart")
        return
      }
    }
  }

  @Test(arguments: faster) func theLargestSumsAreEqual(variant: KernelVariant) {
    let layout = MatrixLayout(outputs: 48, depth: 4096)
    for weight in [Int8(127), -127] {
      for code in [Int8(127), -128] {
        let layer = Layer(layout, variant: variant) { block in
          block.initializeMemory(as: Int8.self, repeating: weight, count: layout.biases)
          (block + layout.biases).initializeMemory(
            as: Int32.self, repeating: 12345, count: layout.paddedOutputs)
        }
        let codes = [Int8](repeating: code, count: 4 * 4096)
        var sums = [Int32](repeating: 0, count: 4 * 48)
        layer.layer.multiply(codes, stride: 4096, rows: 4, into: &sums)
        let expected = Int32(weight) * Int32(code) * 4096 + 12345
        #expect(sums == Array(repeating: expected, count: 4 * 48))
      }
    }
  }

  /// A sum that its rescaler keeps, often at the very bound or on a tie.
  private func sum(_ rescaler: Rescaler, _ random: inout SplitMix) -> Int32 {
    if random.chance(0.1) { return Int32(random.integer(-3...3)) }
    var bound = Int64(Int32.max)
    while !rescaler.keeps(bound) { bound /= 2 }
    if random.chance(0.1) { return Int32(random.chance(0.5) ? bound : -bound) }
    return Int32(random.integer(-Int(bound)...Int(bound)) >> random.integer(0...20))
  }

  @Test(arguments: faster) func rescaledSumsAndCodesAreEqual(variant: KernelVariant) {
    var random = SplitMix(seed: 42)
    for number in 0..<10_000 {
      let layout = MatrixLayout(outputs: random.integer(1...70), depth: 1)
      // From 33 on the upper half of a product is enough, which kernels may know.
      let leastShift = [15, 32, 33][number % 3]
      let rescalers = (0..<layout.paddedOutputs).map { _ in
        Rescaler(
          mantissa: random.chance(0.1)
            ? [0, 1 << 30, Int32.max].randomElement(using: &random)!
            : Int32(random.integer(1 << 30...Int(Int32.max))),
          shift: Int32(random.integer(leastShift...62)))
      }
      let layer = Layer(layout, variant: variant) { block in
        block.initializeMemory(as: UInt8.self, repeating: 0, count: layout.byteCount)
        for (output, rescaler) in rescalers.enumerated() {
          block.storeBytes(
            of: rescaler.mantissa, toByteOffset: layout.mantissas + 4 * output, as: Int32.self)
          block.storeBytes(
            of: rescaler.shift, toByteOffset: layout.shifts + 4 * output, as: Int32.self)
        }
      }
      let rows = random.integer(1...4)
      let sums = (0..<rows).flatMap { _ in rescalers.map { sum($0, &random) } }
      let zeroPoint = Int32(random.integer(-128...127))
      let least = random.chance(0.5) ? zeroPoint : -128

      let count = rows * layout.outputs
      var codes = [Int8](repeating: 55, count: count + 64)
      layer.layer.requantize(
        sums, rows: rows, zeroPoint: zeroPoint, least: least, into: &codes)
      var rescaled = sums
      layer.layer.rescale(&rescaled, rows: rows)
      for row in 0..<rows {
        for output in 0..<layout.outputs {
          let index = row * layout.paddedOutputs + output
          let value = rescalers[output](sums[index])
          #expect(rescaled[index] == value)
          let code = Int8(clamping: max(value + zeroPoint, least))
          #expect(codes[row * layout.outputs + output] == code)
        }
      }
      #expect(codes[count...].allSatisfy { $0 == 55 }, "nothing is written past the last row")
    }
  }

  /// What steps of an LSTM made.
  private struct Steps: Equatable {
    var cell: [Int16]
    var state: [Int8]
    var output: [Int8]
  }

  /// The steps of an LSTM of `cell.count` units from a state of zeros on, by rows of `input`'s
  /// sums, with one set of random or zero weights.
  private func advance(
    _ cell: [Int16], rows: Int, _ input: [Int32], biases: [Int32], _ rescalers: [Rescaler],
    weights: [Int8], cellFractionBits: Int32, output: Rescaler, zeroPoint: Int32,
    variant: KernelVariant
  ) -> Steps {
    let hidden = cell.count
    let layer = Layer(MatrixLayout(outputs: 4 * hidden, depth: hidden), variant: variant) { block in
      let layout = MatrixLayout(outputs: 4 * hidden, depth: hidden)
      block.initializeMemory(as: UInt8.self, repeating: 0, count: layout.byteCount)
      weights.withUnsafeBytes {
        block.copyMemory(from: $0.baseAddress!, byteCount: min($0.count, layout.biases))
      }
      for (output, rescaler) in rescalers.enumerated() {
        for (start, value) in [
          (layout.biases, biases[output]), (layout.mantissas, rescaler.mantissa),
          (layout.shifts, rescaler.shift),
        ] {
          block.storeBytes(of: value, toByteOffset: start + 4 * output, as: Int32.self)
        }
      }
    }
    var steps = Steps(
      cell: cell, state: [Int8](repeating: 0, count: hidden + RowPlan.overread),
      output: [Int8](repeating: 0, count: rows * hidden))
    var sums = [Int32](repeating: 0, count: layer.layout.paddedOutputs)
    sums.withUnsafeMutableBufferPointer { sums in
      LSTMSteps(
        recurrent: layer.layer, hidden: hidden, cellFractionBits: cellFractionBits, output: output,
        zeroPoint: zeroPoint, variant: variant, sums: sums.baseAddress!
      ).advance(rows, input, cell: &steps.cell, state: &steps.state, into: &steps.output)
    }
    return steps
  }

  @Test(arguments: faster) func lstmStepsAreEqual(variant: KernelVariant) throws {
    var random = SplitMix(seed: 43)
    for number in 0..<8000 {
      let hidden = number % 3 == 0 ? 16 * random.integer(1...5) : random.integer(1...70)
      let rows = random.integer(1...3)
      let output = try Rescaler(ratio: 0x1p-30 * .random(in: 1...200, using: &random))
      func gates(_ count: Int) -> [Int32] {
        (0..<count).map { _ in
          switch random.integer(0...3) {
          case 0: Int32(random.integer(-40_000...40_000))
          case 1: Int32(random.integer(-1_000_000_000...1_000_000_000))
          default: Int32(random.integer(-12_000...12_000))
          }
        }
      }
      let padded = MatrixLayout(outputs: 4 * hidden, depth: hidden).paddedOutputs
      let (input, biases) = (gates(rows * padded), gates(4 * hidden))
      let weights = (0..<4 * hidden).map { _ in Int8(random.integer(-127...127)) }
      // From 33 on the upper half of a product is enough, which kernels may know.
      let leastShift = number % 2 == 0 ? 33 : 30
      let rescalers = (0..<4 * hidden).map { _ in
        Rescaler(
          mantissa: Int32(random.integer(1 << 30...Int(Int32.max))),
          shift: Int32(random.integer(leastShift...40)))
      }
      let cell = (0..<hidden).map { _ in
        random.chance(0.1)
          ? (random.chance(0.5) ? Int16.max : .min) : Int16(random.integer(-32768...32767))
      }
      let (expected, found) = (
        advance(
          cell, rows: rows, input, biases: biases, rescalers, weights: weights,
          cellFractionBits: Int32(number % 16), output: output,
          zeroPoint: Int32(number % 256 - 128), variant: .portable),
        advance(
          cell, rows: rows, input, biases: biases, rescalers, weights: weights,
          cellFractionBits: Int32(number % 16), output: output,
          zeroPoint: Int32(number % 256 - 128), variant: variant)
      )
      guard found == expected else {
        Issue.record("hidden \(hidden), \(rows) rows, \(number % 16) fraction bits")
        return
      }
    }
  }

  /// Every code of the cubic through a vector kernel: the state of a cell that the forget gate
  /// keeps.
  @Test(arguments: faster) func everyCellGivesTheSameState(variant: KernelVariant) throws {
    let output = try Rescaler(ratio: 0x1p-30 * 127)
    let hidden = 64
    // Input gate, forget gate, candidate, output gate.
    let gates = [-40_000, 40_000, 0, 40_000].flatMap {
      [Int32](repeating: Int32($0), count: hidden)
    }
    for bits: Int32 in [0, 9, 11, 12, 13, 14, 15] {
      for start in stride(from: -32768, to: 32768, by: hidden) {
        let cells = (0..<hidden).map { Int16(start + $0) }
        let steps = [.portable, variant].map { variant in
          advance(
            cells, rows: 1, gates, biases: [Int32](repeating: 0, count: 4 * hidden),
            [Rescaler](repeating: Rescaler(mantissa: 1 << 30, shift: 30), count: 4 * hidden),
            weights: [], cellFractionBits: bits, output: output, zeroPoint: 0, variant: variant)
        }
        #expect(steps[0] == steps[1])
      }
    }
  }
}
