import FixedPoint

/// Means over time, then population standard deviations, on one grid; of no rows at all, real
/// zeros.
struct StatisticsPooling: BitwiseCopyable {
  private let input: UnsafePointer<Int8>
  private let output: UnsafeMutablePointer<Int8>
  private let channels: Int
  private let sums: UnsafeMutablePointer<Int64>
  private let squares: UnsafeMutablePointer<Int64>
  private let count: UnsafeMutablePointer<Int>
  private let requantize: PooledRequantizer
  private let variant: KernelVariant

  init(_ step: Operator, in program: Program, plan: RowPlan, arena: inout Arena) {
    let from = program.tensors[Int(step.inputs[0])]
    input = UnsafePointer(plan.rows(step.inputs[0]))
    output = plan.rows(step.output)
    channels = Int(from.channels)
    sums = arena.take(Int64.self, count: channels)
    squares = arena.take(Int64.self, count: channels)
    count = arena.take(Int.self, count: 1)
    requantize = PooledRequantizer(
      program.block(of: step).load(as: PoolConstants.self), from: from,
      to: program.tensors[Int(step.output)])
    variant = plan.variant
  }

  func restart() {
    sums.update(repeating: 0, count: channels)
    squares.update(repeating: 0, count: channels)
    count.pointee = 0
  }

  /// Adds `rows` rows, beginning with row `first` of the input.
  func push(_ rows: Int, from first: Int) {
    let taken = min(rows, PooledRows.maximum &- count.pointee)
    PooledSums.add(
      input + first &* channels, rows: taken, channels: channels, to: sums, squares: squares,
      variant: variant)
    count.pointee &+= taken
  }

  /// Writes the statistics so far.
  func finish() {
    let rows = Int64(count.pointee)
    guard rows > 0 else {
      output.update(repeating: requantize.zero, count: 2 &* channels)
      return
    }
    let divide = RoundedDivision(by: rows)
    for channel in 0..<channels {
      let sum = sums[channel]
      output[channel] = requantize(mean: divide(sum, shiftedBy: 16))
      let spread = UInt64(truncatingIfNeeded: rows &* squares[channel] &- sum &* sum)
      output[channels &+ channel] = requantize(
        difference: StatisticsPooling.deviation(spread, dividedBy: divide))
    }
  }

  /// `√spread / rows` in Q16, for `spread = rows · Σq² − (Σq)²`, below 2⁵⁸: the root is taken of as
  /// many leading zeros as there are, up to the 32 that Q16 asks for.
  private static func deviation(_ spread: UInt64, dividedBy divide: RoundedDivision) -> Int64 {
    let scale = min(16, spread.leadingZeroBitCount &>> 1)
    let root = Int64(squareRoot(spread &<< UInt64(2 &* scale)))
    return divide(root, shiftedBy: Int64(16 &- scale))
  }
}
