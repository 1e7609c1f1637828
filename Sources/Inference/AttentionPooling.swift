import FixedPoint

/// The mean of rows weighted by the softmax of a score: exact sums, so neither row order nor call
/// sizes matter.
///
/// A score code selects its weight, relative to the largest code's; numerators and denominator are
/// 64-bit sums. Without any rows the result is real zero.
struct AttentionPooling: BitwiseCopyable {
  private let values: UnsafePointer<Int8>
  private let scores: UnsafePointer<Int8>
  private let output: UnsafeMutablePointer<Int8>
  private let channels: Int
  private let weights: UnsafePointer<UInt32>
  private let numerators: UnsafeMutablePointer<Int64>
  private let denominator: UnsafeMutablePointer<Int64>
  private let count: UnsafeMutablePointer<Int>
  private let requantize: PooledRequantizer
  private let variant: KernelVariant

  init(_ step: Operator, in program: Program, plan: RowPlan, arena: inout Arena) {
    let from = program.tensors[Int(step.inputs[0])]
    let block = program.block(of: step)
    values = UnsafePointer(plan.rows(step.inputs[0]))
    scores = UnsafePointer(plan.rows(step.inputs[1]))
    output = plan.rows(step.output)
    channels = Int(from.channels)
    weights = (block + AttentionLayout.weights).assumingMemoryBound(to: UInt32.self)
    numerators = arena.take(Int64.self, count: channels)
    denominator = arena.take(Int64.self, count: 1)
    count = arena.take(Int.self, count: 1)
    requantize = PooledRequantizer(
      (block + AttentionLayout.constants).load(as: PoolConstants.self), from: from,
      to: program.tensors[Int(step.output)])
    variant = plan.variant
  }

  func restart() {
    numerators.update(repeating: 0, count: channels)
    denominator.pointee = 0
    count.pointee = 0
  }

  /// Adds `rows` rows, beginning with row `first` of the input.
  func push(_ rows: Int, from first: Int) {
    let taken = min(rows, PooledRows.maximum &- count.pointee)
    PooledSums.add(
      values + first &* channels, rows: taken, channels: channels, scores: scores + first,
      weights: weights, to: numerators, variant: variant)
    for row in first..<first &+ taken {
      denominator.pointee &+= Int64(weights[Int(scores[row]) &+ 128])
    }
    count.pointee &+= taken
  }

  /// Writes the weighted means so far.
  func finish() {
    guard count.pointee > 0 else {
      output.update(repeating: requantize.zero, count: channels)
      return
    }
    let divide = RoundedDivision(by: denominator.pointee)
    for channel in 0..<channels {
      output[channel] = requantize(mean: divide(numerators[channel], shiftedBy: 16))
    }
  }
}
