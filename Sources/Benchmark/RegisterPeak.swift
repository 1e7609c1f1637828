import CIntrinsics
import Inference

/// The processor's peak rate without memory access: int8 products of registers with registers,
/// summed in 32 bits.
enum RegisterPeak {
  /// Multiplications in one run of the contestant.
  static let multiplications = Double(loop(of: best, count: 1)) * Double(repetitions)

  /// The loop in the fastest instructions that this processor has, whatever the benchmark otherwise
  /// uses.
  static var contestant: Contestant {
    Contestant(
      prepare: {},
      run: { count in
        for _ in 0..<count { _ = loop(of: best, count: repetitions) }
      })
  }

  private static let repetitions = 200
  private static let best = KernelVariant.best

  /// Multiplies `count` times and returns the number of multiplications; none if only portable code
  /// runs.
  private static func loop(of variant: KernelVariant, count: Int) -> Int {
    #if arch(x86_64)
      switch variant {
      case .avx512VNNI: edged_peak_avx512vnni(count)
      case .avxVNNI: edged_peak_avxvnni(count)
      case .avx2: edged_peak_avx2(count)
      default: 0
      }
    #elseif arch(arm64)
      switch variant {
      case .dotProduct: edged_peak_dotprod(count)
      case .neon: edged_peak_neon(count)
      default: 0
      }
    #else
      0
    #endif
  }
}
