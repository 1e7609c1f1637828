import FixedPoint

#if canImport(CIntrinsics)
  import CIntrinsics
#endif

/// The discrete Fourier transform of 256, 512 or 1024 complex points, scaled by one over their
/// number.
///
/// Stockham's autosort form of decimation in frequency: radix-4 passes, each from one buffer to the
/// other, and a last radix-2 pass for 512. A radix-4 butterfly is two radix-2 steps, each of which
/// halves and rounds, so that no sum can overflow; the real products of a twiddle are rounded
/// individually. The inner loops run over consecutive points.
///
/// Source: Van Loan, Computational Frameworks for the Fast Fourier Transform, §1.7.
struct FourierTransform {
  /// Where the points to transform are written.
  let input: ComplexPoints
  private let other: ComplexPoints
  private let twiddles: UnsafePointer<Int32>
  private let count: Int
  private let variant: FrontEndVariant

  init(_ tables: FrontEndTables, variant: FrontEndVariant, arena: inout Arena) {
    self.variant = variant
    count = tables.definition.complexPoints
    twiddles = tables.twiddles
    input = ComplexPoints(
      real: arena.take(Int32.self, count: count), imaginary: arena.take(Int32.self, count: count))
    other = ComplexPoints(
      real: arena.take(Int32.self, count: count), imaginary: arena.take(Int32.self, count: count))
  }

  /// Transforms `input` and returns the spectrum in natural order, in one of the two buffers.
  func run() -> ComplexPoints {
    switch variant {
    #if canImport(CIntrinsics) && arch(x86_64)
      case .avx2:
        return edged_transform_avx2(
          input.real, input.imaginary, other.real, other.imaginary, count, twiddles)
          ? other : input
      case .avx512:
        return edged_transform_avx512(
          input.real, input.imaginary, other.real, other.imaginary, count, twiddles)
          ? other : input
    #elseif canImport(CIntrinsics) && arch(arm64)
      case .neon:
        return edged_transform_neon(
          input.real, input.imaginary, other.real, other.imaginary, count, twiddles)
          ? other : input
    #endif
    default: return runPortable()
    }
  }

  private func runPortable() -> ComplexPoints {
    var (source, destination) = (input, other)
    var factors = twiddles
    firstPass(from: source, to: destination, factors: factors)
    var blocks = count &>> 2
    var stride = 4
    factors += 6 &* blocks
    swap(&source, &destination)
    while blocks > 4 {
      blocks &>>= 2
      pass(from: source, to: destination, blocks: blocks, stride: stride, factors: factors)
      factors += 6 &* blocks
      stride &<<= 2
      swap(&source, &destination)
    }
    if blocks == 4 {
      lastPass(from: source, to: destination, stride: stride)
    } else {
      lastPairs(from: source, to: destination, stride: stride)
    }
    return destination
  }

  /// The pass whose butterflies are one point wide: neighbouring butterflies have neighbouring
  /// twiddles.
  private func firstPass(
    from source: ComplexPoints, to destination: ComplexPoints, factors: UnsafePointer<Int32>
  ) {
    let quarter = count &>> 2
    for k in 0..<quarter {
      let butterfly = Butterfly(source, at: k, step: quarter)
      butterfly.store(
        destination, at: 4 &* k, step: 1, factors: Twiddles(factors, at: k, count: quarter))
    }
  }

  /// A pass of `blocks` twiddle triples, each shared by `stride` neighbouring butterflies.
  private func pass(
    from source: ComplexPoints, to destination: ComplexPoints, blocks: Int, stride: Int,
    factors: UnsafePointer<Int32>
  ) {
    let step = stride &* blocks
    for k in 0..<blocks {
      let factors = Twiddles(factors, at: k, count: blocks)
      for index in 0..<stride {
        let butterfly = Butterfly(source, at: index &+ stride &* k, step: step)
        butterfly.store(
          destination, at: index &+ 4 &* stride &* k, step: stride, factors: factors)
      }
    }
  }

  /// The last radix-4 pass: all twiddles are one.
  private func lastPass(
    from source: ComplexPoints, to destination: ComplexPoints, stride: Int
  ) {
    for index in 0..<stride {
      Butterfly(source, at: index, step: stride).store(destination, at: index, step: stride)
    }
  }

  /// The last pass if the number of points is not a power of four.
  private func lastPairs(
    from source: ComplexPoints, to destination: ComplexPoints, stride: Int
  ) {
    for index in 0..<stride {
      let (a, b) = (source.real[index], source.real[index &+ stride])
      let (c, d) = (source.imaginary[index], source.imaginary[index &+ stride])
      destination.real[index] = halve(a &+ b)
      destination.real[index &+ stride] = halve(a &- b)
      destination.imaginary[index] = halve(c &+ d)
      destination.imaginary[index &+ stride] = halve(c &- d)
    }
  }
}
