import FixedPoint

/// All values of a window in another order and shape; the grid is unchanged.
///
/// Channels are split into groups of neighbours: first come all rows of the first group, then of
/// the next. One group of all channels is flattening; groups of one channel put each feature's
/// values over time together.
struct Packing: BitwiseCopyable {
  private let input: UnsafePointer<Int8>
  private let output: UnsafeMutablePointer<Int8>
  private let rows: Int
  private let channels: Int
  private let widths: UnsafePointer<Int32>
  private let groups: Int

  init(_ step: Operator, in program: Program, plan: RowPlan) {
    input = UnsafePointer(plan.rows(step.inputs[0]))
    output = plan.rows(step.output)
    rows = plan.rowCount(step.inputs[0])
    channels = Int(program.tensors[Int(step.inputs[0])].channels)
    widths = program.block(of: step).assumingMemoryBound(to: Int32.self)
    groups = Int(step.kernel)
  }

  /// Computes the whole output.
  func run() {
    var target = output
    var start = 0
    for group in 0..<groups {
      let width = Int(widths[group])
      for row in 0..<rows {
        target.copy(from: input + (row &* channels &+ start), count: width)
        target += width
      }
      start &+= width
    }
  }
}
