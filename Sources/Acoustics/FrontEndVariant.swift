#if canImport(CIntrinsics)
  import CIntrinsics
#endif

/// Which instructions the front end uses. Every variant gives the same bytes; portable Swift is the
/// definition.
public enum FrontEndVariant: UInt8, Sendable, BitwiseCopyable {
  /// Swift alone, on any processor.
  case portable
  /// x86-64 with AVX2.
  case avx2
  /// x86-64 with AVX-512: F, BW, VL, DQ and CD.
  case avx512
  /// Any 64-bit ARM.
  case neon

  /// Whether this processor and its operating system support it, and this program was compiled with
  /// it.
  public var isAvailable: Bool {
    #if canImport(CIntrinsics) && arch(x86_64)
      switch self {
      case .portable: true
      case .avx2: edged_processor_has_avx2()
      case .avx512: edged_processor_has_avx512()
      case .neon: false
      }
    #elseif canImport(CIntrinsics) && arch(arm64)
      self == .portable || self == .neon
    #else
      self == .portable
    #endif
  }

  /// The fastest that is available here.
  public static var best: FrontEndVariant {
    if avx512.isAvailable { return .avx512 }
    if avx2.isAvailable { return .avx2 }
    if neon.isAvailable { return .neon }
    return .portable
  }
}
