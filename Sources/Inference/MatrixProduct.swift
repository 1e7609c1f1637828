/// The portable definition of the engine's one matrix product, for convolutions, dense layers and
/// LSTMs.
///
/// Codes are widened to 16 bits and multiplied in pairs, whose sums every processor has an
/// instruction for (PMADDWD, SMULL and ADDP); eight outputs of two rows at a time stay in sixteen
/// registers. Sums are exact, so any order gives the same bits.
enum MatrixProduct {
  /// `sums[t, n] = bias[n] + Σₖ weight[n, k] · codes[t, k]` for `count` rows t and every padded
  /// output n.
  ///
  /// Row t of `codes` starts at `t · stride`; up to three bytes after each row are read and
  /// multiplied by zero. Row t of `sums` starts at `t · matrix.paddedOutputs`. Sums wrap;
  /// `Program.check` refuses weights that could make one.
  static func multiply(
    _ matrix: Matrix, _ codes: UnsafePointer<Int8>, stride: Int, rows count: Int,
    into sums: UnsafeMutablePointer<Int32>
  ) {
    let outputs = matrix.paddedOutputs
    var output = 0
    while output < outputs {
      let weights = matrix.weights + (output & ~15) &* matrix.paddedDepth + (output & 8) &* 4
      var row = 0
      while row &+ 2 <= count {
        two(
          weights, matrix.biases + output, codes + row &* stride, stride: stride,
          depth: matrix.paddedDepth, into: sums + (row &* outputs &+ output), apart: outputs)
        row &+= 2
      }
      if row < count {
        one(
          weights, matrix.biases + output, codes + row &* stride, depth: matrix.paddedDepth,
          into: sums + (row &* outputs &+ output))
      }
      output &+= 8
    }
  }

  /// Eight outputs of one row.
  @inline(__always)
  private static func one(
    _ start: UnsafePointer<Int8>, _ biases: UnsafePointer<Int32>, _ codes: UnsafePointer<Int8>,
    depth: Int, into sums: UnsafeMutablePointer<Int32>
  ) {
    var sum0 = SIMD4<Int32>.zero
    var sum1 = SIMD4<Int32>.zero
    var sum2 = SIMD4<Int32>.zero
    var sum3 = SIMD4<Int32>.zero
    var weights = start
    var index = 0
    while index < depth {
      let values = fourTwice(codes + index)
      sum0 &+= pairs(eight(weights), values)
      sum1 &+= pairs(eight(weights + 8), values)
      sum2 &+= pairs(eight(weights + 16), values)
      sum3 &+= pairs(eight(weights + 24), values)
      weights += 64
      index &+= 4
    }
    store(sum0, sum1, biases, sums)
    store(sum2, sum3, biases + 4, sums + 4)
  }

  /// Eight outputs of two rows.
  @inline(__always)
  private static func two(
    _ start: UnsafePointer<Int8>, _ biases: UnsafePointer<Int32>, _ codes: UnsafePointer<Int8>,
    stride: Int, depth: Int, into sums: UnsafeMutablePointer<Int32>, apart: Int
  ) {
    let next = codes + stride
    var sum0 = SIMD4<Int32>.zero
    var sum1 = SIMD4<Int32>.zero
    var sum2 = SIMD4<Int32>.zero
    var sum3 = SIMD4<Int32>.zero
    var next0 = SIMD4<Int32>.zero
    var next1 = SIMD4<Int32>.zero
    var next2 = SIMD4<Int32>.zero
    var next3 = SIMD4<Int32>.zero
    var weights = start
    var index = 0
    while index < depth {
      let weights0 = eight(weights)
      let weights1 = eight(weights + 8)
      let weights2 = eight(weights + 16)
      let weights3 = eight(weights + 24)
      let values = fourTwice(codes + index)
      sum0 &+= pairs(weights0, values)
      sum1 &+= pairs(weights1, values)
      sum2 &+= pairs(weights2, values)
      sum3 &+= pairs(weights3, values)
      let following = fourTwice(next + index)
      next0 &+= pairs(weights0, following)
      next1 &+= pairs(weights1, following)
      next2 &+= pairs(weights2, following)
      next3 &+= pairs(weights3, following)
      weights += 64
      index &+= 4
    }
    store(sum0, sum1, biases, sums)
    store(sum2, sum3, biases + 4, sums + 4)
    store(next0, next1, biases, sums + apart)
    store(next2, next3, biases + 4, sums + apart + 4)
  }

  /// Four weights of two outputs.
  @inline(__always)
  private static func eight(_ weights: UnsafePointer<Int8>) -> SIMD8<Int16> {
    widened(UnsafeRawPointer(weights).loadUnaligned(as: SIMD8<Int8>.self))
  }

  /// Four codes, twice.
  @inline(__always)
  private static func fourTwice(_ codes: UnsafePointer<Int8>) -> SIMD8<Int16> {
    let four = UnsafeRawPointer(codes).loadUnaligned(as: SIMD4<Int8>.self)
    return widened(SIMD8(lowHalf: four, highHalf: four))
  }

  /// The sums of neighbouring products: half the sums of two outputs, then of the next.
  @inline(__always)
  private static func pairs(_ weights: SIMD8<Int16>, _ values: SIMD8<Int16>) -> SIMD4<Int32> {
    let products = widened(weights) &* widened(values)
    return products.evenHalf &+ products.oddHalf
  }

  /// A conversion that compiles to vector code. (`init(truncatingIfNeeded:)` is the same loop, but
  /// is not inlined.)
  @inline(__always)
  private static func widened(_ values: SIMD8<Int8>) -> SIMD8<Int16> {
    var wide = SIMD8<Int16>()
    for lane in 0..<8 { wide[lane] = Int16(truncatingIfNeeded: values[lane]) }
    return wide
  }

  @inline(__always)
  private static func widened(_ values: SIMD8<Int16>) -> SIMD8<Int32> {
    var wide = SIMD8<Int32>()
    for lane in 0..<8 { wide[lane] = Int32(truncatingIfNeeded: values[lane]) }
    return wide
  }

  /// Joins the halves of four outputs and adds their biases.
  @inline(__always)
  private static func store(
    _ low: SIMD4<Int32>, _ high: SIMD4<Int32>, _ biases: UnsafePointer<Int32>,
    _ sums: UnsafeMutablePointer<Int32>
  ) {
    let halves = SIMD8(lowHalf: low, highHalf: high)
    let biases = UnsafeRawPointer(biases).loadUnaligned(as: SIMD4<Int32>.self)
    UnsafeMutableRawPointer(sums).storeBytes(
      of: halves.evenHalf &+ halves.oddHalf &+ biases, as: SIMD4<Int32>.self)
  }
}
