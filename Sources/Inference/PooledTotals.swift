import FixedPoint

/// The sums over time for means, and those of squares for deviations, over all rows since the last
/// restart, exact.
struct PooledTotals: BitwiseCopyable {
  let channels: Int
  let sums: UnsafeMutablePointer<Int64>
  /// Nil if not needed.
  let squares: UnsafeMutablePointer<Int64>?
  private let input: UnsafePointer<Int8>
  private let count: UnsafeMutablePointer<Int>
  private let variant: KernelVariant

  init(
    _ step: Operator, in program: Program, plan: RowPlan, withSquares: Bool, arena: inout Arena
  ) {
    input = UnsafePointer(plan.rows(step.inputs[0]))
    channels = Int(program.tensors[Int(step.inputs[0])].channels)
    sums = arena.take(Int64.self, count: channels)
    squares = withSquares ? arena.take(Int64.self, count: channels) : nil
    count = arena.take(Int.self, count: 1)
    variant = plan.variant
  }

  /// The number of rows so far.
  var rows: Int { count.pointee }

  func restart() {
    sums.update(repeating: 0, count: channels)
    squares?.update(repeating: 0, count: channels)
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
}
