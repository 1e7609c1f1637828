import FixedPoint

/// Means over time, then population standard deviations, on one grid; without any rows, real zeros.
struct StatisticsPooling: BitwiseCopyable {
  private let totals: PooledTotals
  private let output: UnsafeMutablePointer<Int8>
  private let requantize: PooledRequantizer

  init(_ step: Operator, in program: Program, plan: RowPlan, arena: inout Arena) {
    totals = PooledTotals(step, in: program, plan: plan, withSquares: true, arena: &arena)
    output = plan.rows(step.output)
    requantize = PooledRequantizer(
      program.block(of: step).load(as: PoolConstants.self),
      from: program.tensors[Int(step.inputs[0])], to: program.tensors[Int(step.output)])
  }

  func restart() { totals.restart() }

  /// Adds `rows` rows, beginning with row `first` of the input.
  func push(_ rows: Int, from first: Int) { totals.push(rows, from: first) }

  /// Writes the statistics so far.
  func finish() {
    let (rows, channels) = (Int64(totals.rows), totals.channels)
    guard rows > 0, let squares = totals.squares else {
      output.update(repeating: requantize.zero, count: 2 &* channels)
      return
    }
    let divide = RoundedDivision(by: rows)
    for channel in 0..<channels {
      let sum = totals.sums[channel]
      output[channel] = requantize(mean: divide(sum, shiftedBy: 16))
      let spread = UInt64(truncatingIfNeeded: rows &* squares[channel] &- sum &* sum)
      output[channels &+ channel] = requantize(
        difference: StatisticsPooling.deviation(spread, dividedBy: divide))
    }
  }

  /// `√spread / rows` in Q16, for `spread = rows · Σq² − (Σq)²`, below 2⁵⁸: before the root, spread
  /// is shifted left as far as its leading zeros allow, up to the 32 bits that Q16 needs.
  private static func deviation(_ spread: UInt64, dividedBy divide: RoundedDivision) -> Int64 {
    let scale = min(16, spread.leadingZeroBitCount &>> 1)
    let root = Int64(squareRoot(spread &<< UInt64(2 &* scale)))
    return divide(root, shiftedBy: Int64(16 &- scale))
  }
}
