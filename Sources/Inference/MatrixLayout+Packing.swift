import FixedPoint

extension MatrixLayout {
  /// Writes a whole block: `weights` row by row (`outputs` × `depth`), `biases` with the zero point
  /// already folded in, one rescaler per output, and all the padding. For model conversion; `block`
  /// has `byteCount` bytes.
  public func pack(
    weights: UnsafePointer<Int8>, biases: UnsafePointer<Int32>, rescalers: UnsafePointer<Rescaler>,
    into block: UnsafeMutableRawPointer
  ) {
    block.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
    for output in 0..<paddedOutputs {
      let isPadding = output >= outputs
      let bias = isPadding ? 0 : biases[output]
      let rescaler = isPadding ? Rescaler(mantissa: 0, shift: 62) : rescalers[output]
      block.storeBytes(of: bias, toByteOffset: self.biases + 4 * output, as: Int32.self)
      block.storeBytes(
        of: rescaler.mantissa, toByteOffset: mantissas + 4 * output, as: Int32.self)
      block.storeBytes(of: rescaler.shift, toByteOffset: shifts + 4 * output, as: Int32.self)
      guard !isPadding else { continue }
      for index in 0..<depth {
        block.storeBytes(
          of: weights[output * depth + index],
          toByteOffset: self.weights + weightOffset(output: output, index: index), as: Int8.self)
      }
    }
  }
}
