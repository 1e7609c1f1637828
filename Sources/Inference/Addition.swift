/// The sum of two tensors, each on its own grid, rounded once, with an optional ReLU.
struct Addition: BitwiseCopyable {
  private let sum: CodeGrids.Sum
  private let left: UnsafePointer<Int8>
  private let right: UnsafePointer<Int8>
  private let output: UnsafeMutablePointer<Int8>
  private let channels: Int
  private let variant: KernelVariant

  init(_ step: Operator, in program: Program, plan: RowPlan) {
    let to = program.tensors[Int(step.output)]
    sum = CodeGrids.Sum(
      constants: program.block(of: step).load(as: AddConstants.self),
      leftZero: program.tensors[Int(step.inputs[0])].zeroPoint,
      rightZero: program.tensors[Int(step.inputs[1])].zeroPoint, zeroPoint: to.zeroPoint,
      least: step.hasRelu ? to.zeroPoint : -128)
    left = UnsafePointer(plan.rows(step.inputs[0]))
    right = UnsafePointer(plan.rows(step.inputs[1]))
    output = plan.rows(step.output)
    channels = Int(to.channels)
    variant = plan.variant
  }

  /// Adds `count` rows, beginning with row `first`.
  func push(_ count: Int, from first: Int) -> Int {
    let start = first &* channels
    CodeGrids.add(
      left + start, right + start, count: count &* channels, sum, into: output + start,
      variant: variant)
    return count
  }
}
