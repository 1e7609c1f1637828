import FixedPoint

#if canImport(CIntrinsics)
  import CIntrinsics
#endif

/// A matrix with the kernels that run it: the product with rows, and the rescaling of the sums.
struct LinearLayer: BitwiseCopyable {
  let matrix: Matrix
  private let variant: KernelVariant
  /// Biases less 128 times the sum of their row's weights, for variants whose products add 128 to
  /// the codes.
  private let movedBiases: UnsafeMutablePointer<Int32>

  /// A layer over the matrix of `layout` that starts at `block`.
  init(
    _ layout: MatrixLayout, at block: UnsafeRawPointer, variant: KernelVariant, arena: inout Arena
  ) {
    matrix = Matrix(layout, at: block)
    self.variant = variant
    movedBiases = arena.take(Int32.self, count: variant.movesCodes ? layout.paddedOutputs : 0)
  }

  /// The initial sums of the variant's products.
  var startingSums: UnsafePointer<Int32> {
    variant.movesCodes ? UnsafePointer(movedBiases) : matrix.biases
  }

  /// Fills the memory that `init` reserved. Runs once, before the first product.
  func prepare() {
    guard variant.movesCodes else { return }
    for output in 0..<matrix.paddedOutputs {
      movedBiases[output] = matrix.biases[output] &- 128 &* matrix.sumOfWeights(output)
    }
  }

  /// See `MatrixProduct.multiply`.
  func multiply(
    _ codes: UnsafePointer<Int8>, stride: Int, rows count: Int,
    into sums: UnsafeMutablePointer<Int32>
  ) {
    let (outputs, depth) = (matrix.paddedOutputs, matrix.paddedDepth)
    switch variant {
    #if canImport(CIntrinsics) && arch(x86_64)
      case .avx2:
        edged_product_avx2(
          matrix.weights, startingSums, outputs, depth, codes, stride, count, sums)
      case .avxVNNI:
        edged_product_avxvnni(
          matrix.weights, startingSums, outputs, depth, codes, stride, count, sums)
      case .avx512VNNI:
        edged_product_avx512vnni(
          matrix.weights, startingSums, outputs, depth, codes, stride, count, sums)
    #elseif canImport(CIntrinsics) && arch(arm64)
      case .neon:
        edged_product_neon(
          matrix.weights, startingSums, outputs, depth, codes, stride, count, sums)
      case .dotProduct:
        edged_product_dotprod(
          matrix.weights, startingSums, outputs, depth, codes, stride, count, sums)
    #endif
    default:
      MatrixProduct.multiply(matrix, codes, stride: stride, rows: count, into: sums)
    }
  }

  /// See `MatrixProduct.rescale`.
  func rescale(_ sums: UnsafeMutablePointer<Int32>, rows count: Int) {
    let (mantissas, shifts, outputs) = (matrix.mantissas, matrix.shifts, matrix.paddedOutputs)
    switch variant {
    #if canImport(CIntrinsics) && arch(x86_64)
      case .avx2, .avxVNNI: edged_rescale_avx2(sums, count, mantissas, shifts, outputs)
      case .avx512VNNI: edged_rescale_avx512(sums, count, mantissas, shifts, outputs)
    #elseif canImport(CIntrinsics) && arch(arm64)
      case .neon, .dotProduct: edged_rescale_neon(sums, count, mantissas, shifts, outputs)
    #endif
    default: MatrixProduct.rescale(matrix, sums, rows: count)
    }
  }

  /// Converts `count` rows of sums to dense rows of codes: see `MatrixProduct.requantize`.
  func requantize(
    _ sums: UnsafePointer<Int32>, rows count: Int, zeroPoint: Int32, least: Int32,
    into codes: UnsafeMutablePointer<Int8>
  ) {
    let (mantissas, shifts, outputs) = (matrix.mantissas, matrix.shifts, matrix.outputs)
    switch variant {
    #if canImport(CIntrinsics) && arch(x86_64)
      case .avx2, .avxVNNI:
        edged_requantize_avx2(sums, count, mantissas, shifts, outputs, zeroPoint, least, codes)
      case .avx512VNNI:
        edged_requantize_avx512(sums, count, mantissas, shifts, outputs, zeroPoint, least, codes)
    #elseif canImport(CIntrinsics) && arch(arm64)
      case .neon, .dotProduct:
        edged_requantize_neon(sums, count, mantissas, shifts, outputs, zeroPoint, least, codes)
    #endif
    default:
      MatrixProduct.requantize(
        matrix, sums, rows: count, zeroPoint: zeroPoint, least: least, into: codes)
    }
  }
}

extension Matrix {
  /// The sum of one output's weights.
  func sumOfWeights(_ output: Int) -> Int32 {
    let row = weights + ((output & ~15) &* paddedDepth + (output & 15) &* 4)
    var sum: Int32 = 0
    for column in 0..<paddedDepth {
      sum &+= Int32(row[(column >> 2) &* 64 + column & 3])
    }
    return sum
  }
}
