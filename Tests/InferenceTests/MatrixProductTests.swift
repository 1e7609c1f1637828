import FixedPoint
import TestSupport
import Testing

@testable import Inference

@Suite struct MatrixProductTests {
  /// The sum that the layout stands for.
  private func reference(_ matrix: TestMatrix, _ row: [Int]) -> [Int] {
    matrix.weights.indices.map { output in
      zip(matrix.weights[output], row).reduce(matrix.biases[output]) { $0 + $1.0 * $1.1 }
    }
  }

  /// Sums of `rows` codes that overlap by `stride`, as an undilated convolution's do.
  private func sums(_ matrix: TestMatrix, _ codes: [Int8], stride: Int, rows: Int) -> [[Int]] {
    let layout = matrix.layout
    var sums = [Int32](repeating: 77, count: rows * layout.paddedOutputs)
    let memory = UnsafeMutableRawPointer.allocate(byteCount: layout.byteCount, alignment: 64)
    defer { memory.deallocate() }
    memory.copyMemory(from: matrix.packed(), byteCount: layout.byteCount)
    MatrixProduct.multiply(
      Matrix(layout, at: memory), codes, stride: stride, rows: rows, into: &sums)
    return (0..<rows).map { row in
      sums[row * layout.paddedOutputs..<row * layout.paddedOutputs + layout.outputs].map { Int($0) }
    }
  }

  @Test(arguments: Style.allCases)
  func everySumIsExactWhateverTheShapeAndAlignment(style: Style) {
    var random = SplitMix(seed: 11)
    for _ in 0..<1500 {
      let matrix = style.matrix(
        random.integer(1...70), random.integer(1...90), spread: 50, &random)
      let rows = random.integer(1...9)
      let stride = random.integer(0...100)
      let depth = matrix.layout.depth
      let count = stride * (rows - 1) + depth
      let skipped = random.integer(0...7)
      let codes = (0..<skipped + count + 64).map { _ in Int8(style.code(&random)) }
      let found = sums(matrix, Array(codes[skipped...]), stride: stride, rows: rows)
      for row in 0..<rows {
        let start = skipped + row * stride
        #expect(found[row] == reference(matrix, codes[start..<start + depth].map { Int($0) }))
      }
    }
  }

  @Test func theLargestSumsOfTheWidestLayersAreExact() {
    for (weight, code) in [(127, -128), (-127, -128), (127, 127), (-127, 127)] {
      let matrix = TestMatrix(
        weights: Array(repeating: Array(repeating: weight, count: 4096), count: 17),
        biases: Array(repeating: weight * 1000, count: 17),
        rescalers: Array(repeating: Rescaler(mantissa: 1 << 30, shift: 50), count: 17))
      let codes = Array(repeating: Int8(code), count: 4096 * 3 + 64)
      for row in sums(matrix, codes, stride: 4096, rows: 3) {
        #expect(row == Array(repeating: weight * code * 4096 + weight * 1000, count: 17))
      }
    }
  }

  @Test func theLayoutPutsEveryWeightWhereItsFormulaSays() {
    var random = SplitMix(seed: 12)
    for _ in 0..<200 {
      let matrix = Style.typical.matrix(
        random.integer(1...40), random.integer(1...40), spread: 50, &random)
      let (layout, packed) = (matrix.layout, matrix.packed())
      #expect(packed.count % 64 == 0)
      var total = 0
      for output in 0..<layout.outputs {
        for index in 0..<layout.depth {
          let block = (output / 16) * ((layout.depth + 3) / 4) + index / 4
          let place = block * 64 + (output % 16) * 4 + index % 4
          #expect(layout.weightOffset(output: output, index: index) == place)
          #expect(Int(Int8(bitPattern: packed[place])) == matrix.weights[output][index])
          total += abs(matrix.weights[output][index])
        }
      }
      let all = packed[..<layout.biases].reduce(0) { $0 + abs(Int(Int8(bitPattern: $1))) }
      #expect(all == total, "padding is zero")
    }
  }
}
