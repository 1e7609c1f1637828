import FixedPoint

/// The channels of two to four inputs, one after the other, on one grid.
struct Concatenation: BitwiseCopyable {
  /// One input, and how its codes are converted to the output's grid.
  private struct Part: BitwiseCopyable {
    let codes: UnsafePointer<Int8>
    let channels: Int
    let zeroPoint: Int32
    let rescale: Rescaler
  }

  private let parts: InlineArray<4, Part>
  private let partCount: Int
  private let output: UnsafeMutablePointer<Int8>
  private let channels: Int
  private let zeroPoint: Int32
  private let variant: KernelVariant

  init(_ step: Operator, in program: Program, plan: RowPlan) {
    let to = program.tensors[Int(step.output)]
    let constants = program.block(of: step).load(as: ConcatenateConstants.self)
    partCount = Int(step.inputCount)
    parts = InlineArray { place in
      let index = step.inputs[place]
      let from = program.tensors[Int(max(index, 0))]
      return Part(
        codes: UnsafePointer(plan.rows(max(index, 0))),
        channels: index < 0 ? 0 : Int(from.channels), zeroPoint: from.zeroPoint,
        rescale: Rescaler(mantissa: constants.mantissas[place], shift: constants.shifts[place]))
    }
    output = plan.rows(step.output)
    channels = Int(to.channels)
    zeroPoint = to.zeroPoint
    variant = plan.variant
  }

  /// Joins `count` rows, beginning with row `first`.
  func push(_ count: Int, from first: Int) -> Int {
    var start = 0
    for place in 0..<partCount {
      let part = parts[unchecked: place]
      for row in first..<first &+ count {
        let codes = part.codes + row &* part.channels
        CodeGrids.move(
          codes, count: part.channels, zero: part.zeroPoint, part.rescale, zeroPoint: zeroPoint,
          into: output + (row &* channels &+ start), variant: variant)
      }
      start &+= part.channels
    }
    return count
  }
}
