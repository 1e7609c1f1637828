import FixedPoint

/// An int8 matrix where it lies in the weights section, laid out as `MatrixLayout` says.
struct Matrix: BitwiseCopyable {
  /// `[outputs/16][depth/4][16][4]`, zero-padded.
  let weights: UnsafePointer<Int8>
  /// Start of each output's sum.
  let biases: UnsafePointer<Int32>
  let mantissas: UnsafePointer<Int32>
  let shifts: UnsafePointer<Int32>
  let outputs: Int
  let paddedOutputs: Int
  let paddedDepth: Int

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

  /// How output `index` is rescaled.
  @inline(__always)
  func rescaler(_ index: Int) -> Rescaler {
    Rescaler(mantissa: mantissas[index], shift: shifts[index])
  }

  /// Rescales `count` rows of sums, in place.
  func rescale(_ sums: UnsafeMutablePointer<Int32>, rows count: Int) {
    for row in 0..<count {
      let sums = sums + row &* paddedOutputs
      for index in 0..<outputs {
        sums[index] = rescaler(index)(sums[index])
      }
    }
  }

  /// Takes `count` rows of sums to dense rows of codes, none below `least`.
  func requantize(
    _ sums: UnsafePointer<Int32>, rows count: Int, zeroPoint: Int32, least: Int32,
    into codes: UnsafeMutablePointer<Int8>
  ) {
    for row in 0..<count {
      let sums = sums + row &* paddedOutputs
      let codes = codes + row &* outputs
      for index in 0..<outputs {
        let value = rescaler(index)(sums[index]) &+ zeroPoint
        codes[index] = Int8(truncatingIfNeeded: min(max(value, least), 127))
      }
    }
  }
}
