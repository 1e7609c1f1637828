import Acoustics
import Inference

extension KernelVariant {
  /// The front end's variant that corresponds to this one: of the same kind, or the next best that
  /// this processor has.
  public var frontEnd: FrontEndVariant {
    switch self {
    case .portable: .portable
    case .avx2, .avxVNNI: .avx2
    case .avx512VNNI: FrontEndVariant.avx512.isAvailable ? .avx512 : .avx2
    case .neon, .dotProduct: .neon
    }
  }
}
