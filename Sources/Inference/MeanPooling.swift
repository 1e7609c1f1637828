import FixedPoint

/// Mean over time; of no rows at all, real zero.
struct MeanPooling: BitwiseCopyable {
  private let input: UnsafePointer<Int8>
  private let output: UnsafeMutablePointer<Int8>
  private let channels: Int
  private let sums: UnsafeMutablePointer<Int64>
  private let count: UnsafeMutablePointer<Int>
  private let requantize: PooledRequantizer

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
  }

  func restart() {
    sums.update(repeating: 0, count: channels)
    count.pointee = 0
  }

  /// Adds `rows` rows, beginning with row `first` of the input.
  func push(_ rows: Int, from first: Int) {
    let taken = min(rows, PooledRows.maximum &- count.pointee)
    for row in 0..<taken {
      let codes = input + (first &+ row) &* channels
      for channel in 0..<channels { sums[channel] &+= Int64(codes[channel]) }
    }
    count.pointee &+= taken
  }

  /// Writes the means so far.
  func finish() {
    let rows = Int64(count.pointee)
    for channel in 0..<channels {
      output[channel] =
        rows == 0
        ? requantize.zero
        : requantize(mean: roundedQuotient(sums[channel] &<< 16, rows))
    }
  }
}
