import FixedPoint
import Inference

/// A matrix quantized to int8: rows of weights with a scale each, symmetric, and biases in
/// accumulator steps.
///
/// Source: Jacob et al., arXiv:1712.05877, with scales per output channel as in the TensorFlow Lite
/// int8 scheme.
public struct QuantizedMatrix: Sendable {
  /// The layout of its block.
  public let layout: MatrixLayout
  /// The codes, row by row, in −127…127.
  public let codes: [Int8]
  /// The real value of one step of each row.
  public let scales: [Double]
  /// Biases in accumulator steps, including the input's zero point.
  public let biases: [Int32]
  /// How each row's sum is converted to its output grid.
  public let rescalers: [Rescaler]

  /// Quantizes `weights` (row by row) and `bias` for inputs on `input`; one step of row n's output
  /// is `1 / outputSteps` real.
  public init(
    weights: [Double], bias: [Double], input: TensorGrid, outputSteps: Double
  ) throws(Rescaler.Problem) {
    let depth = weights.count / bias.count
    layout = MatrixLayout(outputs: bias.count, depth: depth)
    var codes: [Int8] = []
    var scales: [Double] = []
    var biases: [Int32] = []
    var rescalers: [Rescaler] = []
    for (row, bias) in bias.enumerated() {
      let weights = weights[row * depth..<(row + 1) * depth]
      let scale = QuantizedMatrix.scale(of: weights, bias: bias, input: input)
      let rowCodes = weights.map { Int8(($0 / scale).rounded()) }
      let step = Double(input.scale) * scale
      let offset = rowCodes.reduce(Int64(0)) { $0 + Int64($1) } * Int64(input.zeroPoint)
      codes += rowCodes
      scales.append(scale)
      guard let whole = Int32(exactly: (bias / step).rounded() - Double(offset)) else {
        throw .tooLarge(bias / step)
      }
      biases.append(whole)
      rescalers.append(try Rescaler(ratio: step * outputSteps))
    }
    (self.codes, self.scales, self.biases, self.rescalers) = (codes, scales, biases, rescalers)
  }

  /// The largest weight becomes code 127. A bias that is very large for its weights widens the
  /// scale, or the accumulator would overflow.
  private static func scale(
    of weights: ArraySlice<Double>, bias: Double, input: TensorGrid
  ) -> Double {
    let largest = weights.reduce(0) { max($0, abs($1)) }
    return max(largest / 127, abs(bias) / (Double(input.scale) * 0x1p29), 0x1p-40)
  }

  /// The real value of the code at `index`, row by row.
  public func real(_ index: Int) -> Double {
    Double(codes[index]) * scales[index / layout.depth]
  }

  /// The block as stored in the file.
  public func block() -> [UInt8] {
    var block = SectionBytes(size: layout.byteCount)
    block.withBytes { layout.pack(weights: codes, biases: biases, rescalers: rescalers, into: $0) }
    return block.bytes
  }
}
