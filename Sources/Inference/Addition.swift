import FixedPoint

/// The sum of two tensors, each on its own grid, rounded once; and a ReLU where the operator says so.
struct Addition: BitwiseCopyable {
  private let constants: AddConstants
  private let left: UnsafePointer<Int8>
  private let right: UnsafePointer<Int8>
  private let output: UnsafeMutablePointer<Int8>
  private let channels: Int
  private let firstZero: Int32
  private let secondZero: Int32
  private let zeroPoint: Int32
  private let least: Int32

  init(_ step: Operator, in program: Program, plan: RowPlan) {
    let to = program.tensors[Int(step.output)]
    constants = program.block(of: step).load(as: AddConstants.self)
    left = UnsafePointer(plan.rows(step.inputs[0]))
    right = UnsafePointer(plan.rows(step.inputs[1]))
    output = plan.rows(step.output)
    channels = Int(to.channels)
    firstZero = program.tensors[Int(step.inputs[0])].zeroPoint
    secondZero = program.tensors[Int(step.inputs[1])].zeroPoint
    zeroPoint = to.zeroPoint
    least = step.hasRelu ? to.zeroPoint : -128
  }

  /// Adds `count` rows, beginning with row `first`.
  func push(_ count: Int, from first: Int) -> Int {
    let (firstScale, secondScale, shift) = (constants.first, constants.second, constants.shift)
    let half: Int32 = 1 &<< (shift &- 1)
    for index in first &* channels..<(first &+ count) &* channels {
      let sum =
        (Int32(left[index]) &- firstZero) &* firstScale
        &+ (Int32(right[index]) &- secondZero) &* secondScale
      let value = (sum &+ half) &>> shift &+ zeroPoint
      output[index] = Int8(truncatingIfNeeded: min(max(value, least), 127))
    }
    return count
  }
}
