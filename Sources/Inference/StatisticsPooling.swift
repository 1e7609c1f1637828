import FixedPoint

/// Means over time, then population standard deviations, on one grid; of no rows at all, real zeros.
struct StatisticsPooling: BitwiseCopyable {
  private let input: UnsafePointer<Int8>
  private let output: UnsafeMutablePointer<Int8>
  private let channels: Int
  private let sums: UnsafeMutablePointer<Int64>
  private let squares: UnsafeMutablePointer<Int64>
  private let count: UnsafeMutablePointer<Int>
  private let requantize: PooledRequantizer

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
  }

  func restart() {
    sums.update(repeating: 0, count: channels)
    squares.update(repeating: 0, count: channels)
    count.pointee = 0
  }

  /// Adds `rows` rows, beginning with row `first` of the input.
  func push(_ rows: Int, from first: Int) {
    let taken = min(rows, PooledRows.maximum &- count.pointee)
    for row in 0..<taken {
      let codes = input + (first &+ row) &* channels
      for channel in 0..<channels {
        let code = Int32(codes[channel])
        sums[channel] &+= Int64(code)
        squares[channel] &+= Int64(code &* code)
      }
    }
    count.pointee &+= taken
  }

  /// Writes the statistics so far.
  func finish() {
    let rows = Int64(count.pointee)
    for channel in 0..<channels {
      guard rows > 0 else {
        output[channel] = requantize.zero
        output[channels &+ channel] = requantize.zero
        continue
      }
      let sum = sums[channel]
      output[channel] = requantize(mean: roundedQuotient(sum &<< 16, rows))
      let spread = StatisticsPooling.deviation(
        spread: UInt64(truncatingIfNeeded: rows &* squares[channel] &- sum &* sum), rows: rows)
      output[channels &+ channel] = requantize(difference: spread)
    }
  }

  /// `√spread / rows` in Q16, for `spread = rows · Σq² − (Σq)²`, below 2⁵⁸: the root is taken of as many leading zeros
  /// as there are, up to the 32 that Q16 asks for.
  static func deviation(spread: UInt64, rows: Int64) -> Int64 {
    let scale = min(16, spread.leadingZeroBitCount &>> 1)
    let root = Int64(squareRoot(spread &<< UInt64(2 &* scale)))
    return roundedQuotient(root &<< Int64(16 &- scale), rows)
  }
}
