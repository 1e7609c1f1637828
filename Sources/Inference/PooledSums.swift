#if canImport(CIntrinsics)
  import CIntrinsics
#endif

/// The sums of poolings over time for the rows of a call: exact, so neither order nor call sizes
/// matter.
enum PooledSums {
  /// Adds `rows` ≤ 2¹⁶ dense rows of `channels` codes to `sums`, and their squares to `squares` if
  /// given.
  @inline(__always)
  static func add(
    _ codes: UnsafePointer<Int8>, rows: Int, channels: Int, to sums: UnsafeMutablePointer<Int64>,
    squares: UnsafeMutablePointer<Int64>?, variant: KernelVariant
  ) {
    let done: Int
    switch variant {
    #if canImport(CIntrinsics) && arch(x86_64)
      case .avx2, .avxVNNI:
        done = edged_pool_sums_avx2(codes, rows, channels, sums, squares)
      case .avx512VNNI:
        done = edged_pool_sums_avx512(codes, rows, channels, sums, squares)
    #elseif canImport(CIntrinsics) && arch(arm64)
      case .neon, .dotProduct:
        done = edged_pool_sums_neon(codes, rows, channels, sums, squares)
    #endif
    default: done = 0
    }
    for row in 0..<rows {
      let codes = codes + row &* channels
      for channel in done..<channels {
        let code = Int32(codes[channel])
        sums[channel] &+= Int64(code)
        if let squares { squares[channel] &+= Int64(code &* code) }
      }
    }
  }

  /// Adds `rows` dense rows of `channels` codes to `numerators`, each times the weight that its
  /// score selects.
  @inline(__always)
  static func add(
    _ codes: UnsafePointer<Int8>, rows: Int, channels: Int, scores: UnsafePointer<Int8>,
    weights: UnsafePointer<UInt32>, to numerators: UnsafeMutablePointer<Int64>,
    variant: KernelVariant
  ) {
    let done: Int
    switch variant {
    #if canImport(CIntrinsics) && arch(x86_64)
      case .avx2, .avxVNNI:
        done = edged_pool_weighted_avx2(codes, scores, weights, rows, channels, numerators)
      case .avx512VNNI:
        done = edged_pool_weighted_avx512(codes, scores, weights, rows, channels, numerators)
    #elseif canImport(CIntrinsics) && arch(arm64)
      case .neon, .dotProduct:
        done = edged_pool_weighted_neon(codes, scores, weights, rows, channels, numerators)
    #endif
    default: done = 0
    }
    for row in 0..<rows {
      let weight = Int64(weights[Int(scores[row]) &+ 128])
      let codes = codes + row &* channels
      for channel in done..<channels { numerators[channel] &+= weight &* Int64(codes[channel]) }
    }
  }
}
