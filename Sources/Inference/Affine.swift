#if canImport(CIntrinsics)
  import CIntrinsics
#endif

/// A scale and an offset per channel, in 32-bit integers, with an optional ReLU.
struct Affine: BitwiseCopyable {
  private let mantissas: UnsafePointer<Int32>
  private let offsets: UnsafePointer<Int32>
  private let shifts: UnsafePointer<Int32>
  private let input: UnsafePointer<Int8>
  private let output: UnsafeMutablePointer<Int8>
  private let channels: Int
  private let least: Int32
  private let variant: KernelVariant

  init(_ step: Operator, in program: Program, plan: RowPlan) {
    let to = program.tensors[Int(step.output)]
    channels = Int(to.channels)
    let layout = AffineLayout(channels: channels)
    let block = program.block(of: step)
    mantissas = (block + layout.mantissas).assumingMemoryBound(to: Int32.self)
    offsets = (block + layout.offsets).assumingMemoryBound(to: Int32.self)
    shifts = (block + layout.shifts).assumingMemoryBound(to: Int32.self)
    input = UnsafePointer(plan.rows(step.inputs[0]))
    output = plan.rows(step.output)
    least = step.hasRelu ? to.zeroPoint : -128
    variant = plan.variant
  }

  /// Maps each of `count` rows, beginning with row `first`.
  func push(_ count: Int, from first: Int) -> Int {
    for row in first..<first &+ count {
      let codes = input + row &* channels
      let mapped = output + row &* channels
      #if canImport(CIntrinsics) && arch(x86_64)
        // Without AVX2 there are no per-lane shifts; NEON has them, so there the compiler
        // vectorizes the loop below.
        if variant != .portable {
          edged_affine_avx2(codes, mantissas, offsets, shifts, channels, least, mapped)
          continue
        }
      #endif
      for channel in 0..<channels {
        let half: Int32 = 1 &<< (shifts[channel] &- 1)
        let sum = Int32(codes[channel]) &* mantissas[channel] &+ offsets[channel] &+ half
        mapped[channel] = Int8(
          truncatingIfNeeded: min(max(sum &>> shifts[channel], least), 127))
      }
    }
    return count
  }
}
