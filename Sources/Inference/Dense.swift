import FixedPoint

/// A matrix times each row, with an optional ReLU.
struct Dense: BitwiseCopyable {
  private let layer: LinearLayer
  private let input: UnsafePointer<Int8>
  private let channels: Int
  private let output: UnsafeMutablePointer<Int8>
  private let sums: UnsafeMutablePointer<Int32>
  private let zeroPoint: Int32
  private let least: Int32

  init(_ step: Operator, in program: Program, plan: RowPlan, arena: inout Arena) {
    let from = program.tensors[Int(step.inputs[0])]
    let to = program.tensors[Int(step.output)]
    layer = LinearLayer(
      MatrixLayout(outputs: Int(to.channels), depth: Int(from.channels)),
      at: program.block(of: step), variant: plan.variant, arena: &arena)
    input = UnsafePointer(plan.rows(step.inputs[0]))
    channels = Int(from.channels)
    output = plan.rows(step.output)
    sums = plan.sums
    zeroPoint = to.zeroPoint
    least = step.hasRelu ? to.zeroPoint : -128
  }

  func prepare() { layer.prepare() }

  /// Computes `count` rows, beginning with row `first`.
  func push(_ count: Int, from first: Int) -> Int {
    layer.multiply(input + first &* channels, stride: channels, rows: count, into: sums)
    layer.requantize(
      sums, rows: count, zeroPoint: zeroPoint, least: least,
      into: output + first &* layer.matrix.outputs)
    return count
  }
}
