import FixedPoint

/// An int8 matrix in place in the weights section, laid out as in `MatrixLayout`.
struct Matrix: BitwiseCopyable {
  /// `[outputs/16][depth/4][16][4]`, zero-padded.
  let weights: UnsafePointer<Int8>
  /// Initial value of each output's sum.
  let biases: UnsafePointer<Int32>
  let mantissas: UnsafePointer<Int32>
  let shifts: UnsafePointer<Int32>
  let outputs: Int
  let paddedOutputs: Int
  let paddedDepth: Int

  /// How output `index` is rescaled.
  @inline(__always)
  func rescaler(_ index: Int) -> Rescaler {
    Rescaler(mantissa: mantissas[index], shift: shifts[index])
  }

  /// The matrix of `layout` that starts at `block`.
  init(_ layout: MatrixLayout, at block: UnsafeRawPointer) {
    weights = (block + layout.weights).assumingMemoryBound(to: Int8.self)
    biases = (block + layout.biases).assumingMemoryBound(to: Int32.self)
    mantissas = (block + layout.mantissas).assumingMemoryBound(to: Int32.self)
    shifts = (block + layout.shifts).assumingMemoryBound(to: Int32.self)
    outputs = layout.outputs
    paddedOutputs = layout.paddedOutputs
    paddedDepth = layout.paddedDepth
  }
}
