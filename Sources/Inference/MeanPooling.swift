import FixedPoint

/// Mean over time; of no rows at all, real zero.
struct MeanPooling: BitwiseCopyable {
  private let input: UnsafePointer<Int8>
  private let output: UnsafeMutablePointer<Int8>
  private let channels: Int
  private let sums: UnsafeMutablePointer<Int64>
  private let count: UnsafeMutablePointer<Int>
  private let requantize: PooledRequantizer
  private let variant: KernelVariant

  init(_ step: Operator, in program: Program, plan: RowPlan, arena: inout Arena) {
    let from = program.tensors[Int(step.inputs[0])]
    input = UnsafePointer(plan.rows(step.inputs[0]))
    output = plan.rows(step.output)
    channels = Int(from.channels)
    sums = arena.take(Int64.self, count: channels)
    count = arena.take(Int.self, count: 1)
    requantize = PooledRequantizer(
      program.block(of: step).load(as: PoolConstants.self), from: from,
      to: program.tensors[Int(step.output)])
    variant = plan.variant
  }

  func restart() {
    sums.update(repeating: 0, count: channels)
    count.pointee = 0
  }

  /// Adds `rows` rows, beginning with row `first` of the input.
  func push(_ rows: Int, from first: Int) {
    let taken = min(rows, PooledRows.maximum &- count.pointee)
    PooledSums.add(
      input + first &* channels, rows: taken, channels: channels, to: sums, squares: nil,
      variant: variant)
    count.pointee &+= taken
  }

  /// Writes the means so far.
  func finish() {
    guard count.pointee > 0 else {
      output.update(repeating: requantize.zero, count: channels)
      return
    }
    let divide = RoundedDivision(by: Int64(count.pointee))
    for channel in 0..<channels {
      output[channel] = requantize(mean: divide(sums[channel], shiftedBy: 16))
    }
  }
}
