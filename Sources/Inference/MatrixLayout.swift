/// The layout of an int8 matrix in a parameter block, the only one there is.
///
/// Output n of a product is `bias[n] + Σₖ weight[n, k] · x[k]`, then rescaled by `mantissa[n]` and
/// `shift[n]`. Weights lie in `[outputs/16][depth/4][16][4]`: four consecutive inputs of sixteen
/// outputs in 64 consecutive bytes, which is a register of VNNI, two of AVX2, four SDOT tiles of
/// 4×4. Both sizes are padded with zeros.
///
/// | array | type | count |
/// |---|---|---|
/// | weights | int8, −127…127 | paddedOutputs · paddedDepth |
/// | biases: the bias in accumulator steps, less zero point of the input times the row's sum of weights | int32 | paddedOutputs |
/// | mantissas: 0, or 2³⁰ up to 2³¹ − 1 | int32 | paddedOutputs |
/// | shifts: how far the 64-bit product goes right | int32 | paddedOutputs |
///
/// Padding outputs have weights, bias and mantissa 0 and shift 62.
public struct MatrixLayout: Equatable, Sendable {
  /// Rows of the matrix, N.
  public let outputs: Int
  /// Columns of the matrix, K.
  public let depth: Int

  /// The layout of an `outputs` × `depth` matrix, both at least 1.
  @inlinable
  public init(outputs: Int, depth: Int) {
    self.outputs = outputs
    self.depth = depth
  }

  /// `outputs` rounded up to 16.
  @inlinable public var paddedOutputs: Int { (outputs &+ 15) & ~15 }
  /// `depth` rounded up to 4.
  @inlinable public var paddedDepth: Int { (depth &+ 3) & ~3 }
  /// Offset of the weights in the block.
  @inlinable public var weights: Int { 0 }
  /// Offset of the biases in the block.
  @inlinable public var biases: Int { paddedOutputs &* paddedDepth }
  /// Offset of the mantissas in the block.
  @inlinable public var mantissas: Int { biases &+ paddedOutputs &* 4 }
  /// Offset of the shifts in the block.
  @inlinable public var shifts: Int { mantissas &+ paddedOutputs &* 4 }
  /// The size of the block, a multiple of 64.
  @inlinable public var byteCount: Int { shifts &+ paddedOutputs &* 4 }

  /// Index of the weight of `output` for input `index` among the weights.
  @inlinable
  public func weightOffset(output: Int, index: Int) -> Int {
    ((output >> 4) &* (paddedDepth >> 2) &+ index >> 2) &* 64 &+ (output & 15) &* 4 &+ index & 3
  }
}
