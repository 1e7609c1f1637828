import FixedPoint

/// The last row; the grid is unchanged. Without any rows, real zero.
struct LastRow: BitwiseCopyable {
  private let input: UnsafePointer<Int8>
  private let output: UnsafeMutablePointer<Int8>
  private let channels: Int
  private let zero: Int8
  private let last: UnsafeMutablePointer<Int8>

  init(_ step: Operator, in program: Program, plan: RowPlan, arena: inout Arena) {
    let from = program.tensors[Int(step.inputs[0])]
    input = UnsafePointer(plan.rows(step.inputs[0]))
    output = plan.rows(step.output)
    channels = Int(from.channels)
    zero = Int8(truncatingIfNeeded: from.zeroPoint)
    last = arena.take(Int8.self, count: channels)
  }

  func restart() { last.update(repeating: zero, count: channels) }

  /// Takes in `rows` rows, at least one, beginning with row `first` of the input.
  func push(_ rows: Int, from first: Int) {
    last.copy(from: input + (first &+ rows &- 1) &* channels, count: channels)
  }

  /// Writes the last row so far.
  func finish() { output.copy(from: last, count: channels) }
}
