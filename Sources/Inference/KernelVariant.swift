#if canImport(CIntrinsics)
  import CIntrinsics
#endif

/// Which instructions the kernels use. Every variant gives the same bytes; portable Swift is the
/// definition.
public enum KernelVariant: UInt8, Sendable, BitwiseCopyable {
  /// Swift alone, on any processor.
  case portable
  /// x86-64 with AVX2.
  case avx2
  /// x86-64 with VNNI on 256 bits.
  case avxVNNI
  /// x86-64 with VNNI on 512 bits.
  case avx512VNNI
  /// Any 64-bit ARM.
  case neon
  /// 64-bit ARM with dot products.
  case dotProduct

  /// Whether this processor and its operating system support it, and this program was compiled with
  /// it.
  public var isAvailable: Bool {
    #if canImport(CIntrinsics) && arch(x86_64)
      switch self {
      case .portable: true
      case .avx2: edged_processor_has_avx2()
      case .avxVNNI: edged_processor_has_avxvnni()
      case .avx512VNNI: edged_processor_has_avx512vnni()
      case .neon, .dotProduct: false
      }
    #elseif canImport(CIntrinsics) && arch(arm64)
      switch self {
      case .portable, .neon: true
      case .dotProduct: edged_processor_has_dotprod()
      case .avx2, .avxVNNI, .avx512VNNI: false
      }
    #else
      self == .portable
    #endif
  }

  /// The fastest that is available here.
  public static var best: KernelVariant {
    if avx512VNNI.isAvailable { return .avx512VNNI }
    if avxVNNI.isAvailable { return .avxVNNI }
    if avx2.isAvailable { return .avx2 }
    if dotProduct.isAvailable { return .dotProduct }
    if neon.isAvailable { return .neon }
    return .portable
  }

  /// Whether products take codes with 128 added, as VPDPBUSD needs them.
  var movesCodes: Bool { self == .avxVNNI || self == .avx512VNNI }
}
