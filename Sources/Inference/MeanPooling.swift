import FixedPoint

/// Mean over time; without any rows, real zero.
struct MeanPooling: BitwiseCopyable {
  private let totals: PooledTotals
  private let output: UnsafeMutablePointer<Int8>
  private let requantize: PooledRequantizer

  init(_ step: Operator, in program: Program, plan: RowPlan, arena: inout Arena) {
    totals = PooledTotals(step, in: program, plan: plan, withSquares: false, arena: &arena)
    output = plan.rows(step.output)
    requantize = PooledRequantizer(
      program.block(of: step).load(as: PoolConstants.self),
      from: program.tensors[Int(step.inputs[0])], to: program.tensors[Int(step.output)])
  }

  func restart() { totals.restart() }

  /// Adds `rows` rows, beginning with row `first` of the input.
  func push(_ rows: Int, from first: Int) { totals.push(rows, from: first) }

  /// Writes the means so far.
  func finish() {
    let (rows, channels) = (totals.rows, totals.channels)
    guard rows > 0 else {
      output.update(repeating: requantize.zero, count: channels)
      return
    }
    let divide = RoundedDivision(by: Int64(rows))
    for channel in 0..<channels {
      output[channel] = requantize(mean: divide(totals.sums[channel], shiftedBy: 16))
    }
  }
}
