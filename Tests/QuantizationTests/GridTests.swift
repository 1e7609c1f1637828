import Inference
import TestSupport
import Testing

@testable import Quantization

@Suite struct GridTests {
  @Test func coversItsRangeWithZeroOnACode() {
    var generator = SplitMix(seed: 1)
    for _ in 0..<2000 {
      let bounds = [20 * generator.normal(), 0.01 * generator.normal()].sorted()
      let grid = TensorGrid(covering: bounds[0]...bounds[1])
      #expect((-128...127).contains(grid.zeroPoint))
      let slack = Double(grid.scale) * 0.501
      #expect(grid.real(-128) <= min(bounds[0], 0) + slack)
      #expect(grid.real(127) >= max(bounds[1], 0) - slack)
      #expect(grid.real(Int8(grid.zeroPoint)) == 0)
      let width = max(bounds[1], 0) - min(bounds[0], 0)
      #expect(Double(grid.scale) * 255 <= width * 1.0001)
    }
  }

  @Test func rectifiedValuesUseAllCodes() {
    let grid = TensorGrid(covering: 0...5.1)
    #expect(grid.zeroPoint == -128)
    #expect(abs(Double(grid.scale) - 0.02) < 1e-8)
  }

  @Test func aTensorOfZerosHasAGrid() {
    for width in [0, 1e-300, 1e-40, 0x1p-127] {
      let grid = TensorGrid(covering: -width...width)
      #expect(grid.scale.isNormal && grid.scale > 0)
      #expect((-128...127).contains(grid.zeroPoint))
    }
    // One that no scale reaches keeps none, and is refused where it is multiplied by.
    #expect(TensorGrid(covering: -1e300...1e300).scale == .infinity)
  }

  @Test func histogramKeepsExtremesAndCountsWhileItGrows() {
    var histogram = ActivationHistogram()
    var generator = SplitMix(seed: 1)
    let values = (0..<5000).map { _ in generator.normal() * 3 } + [-40, 55.5]
    for value in values { histogram.add(value) }
    #expect(histogram.minimum == -40)
    #expect(histogram.maximum == 55.5)
    #expect(histogram.range == -40...55.5)
    #expect(histogram.count == 5002)
    #expect(histogram.bins.reduce(0, +) == 5002)
    let width = histogram.limit / Double(ActivationHistogram.half)
    for (index, count) in histogram.bins.enumerated() {
      let lower = Double(index - ActivationHistogram.half) * width
      let edges = lower..<lower + width
      #expect(Int(count) == values.count { edges.contains($0) })
    }
  }

  @Test func weightsReachBothEndsButNeverMinus128() throws {
    var generator = SplitMix(seed: 1)
    let weights = (0..<16 * 24).map { _ in generator.normal() }
    let bias = (0..<16).map { _ in generator.normal() }
    let input = TensorGrid(covering: -1...3)
    let matrix = try QuantizedMatrix(weights: weights, bias: bias, input: input, outputSteps: 50)
    #expect(matrix.codes.allSatisfy { $0 > -128 })
    for row in 0..<16 {
      let codes = matrix.codes[row * 24..<(row + 1) * 24]
      #expect(codes.map { abs(Int($0)) }.max() == 127)
      // Real sum of an input on the grid, from the definition, against the integers.
      let inputs = (0..<24).map { Int8(truncatingIfNeeded: $0 * 11 - 128) }
      let sum = zip(codes, inputs).reduce(Int64(matrix.biases[row])) {
        $0 + Int64($1.0) * Int64($1.1)
      }
      let expected = zip(codes, inputs).reduce(bias[row]) {
        $0 + Double($1.0) * matrix.scales[row] * input.real($1.1)
      }
      let step = Double(input.scale) * matrix.scales[row]
      #expect(abs(Double(sum) * step - expected) <= step)
    }
  }

  @Test func aBiasFarBeyondItsWeightsWidensTheScale() throws {
    let matrix = try QuantizedMatrix(
      weights: [1e-9, -1e-9], bias: [1000], input: TensorGrid(covering: 0...1), outputSteps: 0.1)
    let real =
      Double(matrix.biases[0]) * Double(TensorGrid(covering: 0...1).scale) * matrix.scales[0]
    #expect(abs(real - 1000) < 1e-3)
  }
}
