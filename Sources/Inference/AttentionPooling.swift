import FixedPoint

/// The mean of rows weighted by the softmax of a score: exact sums, so neither order nor call sizes matter.
///
/// A score code selects its weight, relative to the largest code's; numerators and denominator are 64-bit sums. Of no
/// rows at all the result is real zero.
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
  }

  func restart() {
    numerators.update(repeating: 0, count: channels)
    denominator.pointee = 0
    count.pointee = 0
  }

  /// Adds `rows` rows, beginning with row `first` of the input.
  func push(_ rows: Int, from first: Int) {
    let taken = min(rows, PooledRows.maximum &- count.pointee)
    for row in 0..<taken {
      let weight = Int64(weights[Int(scores[first &+ row]) &+ 128])
      let codes = values + (first &+ row) &* channels
      for channel in 0..<channels {
        numerators[channel] &+= weight &* Int64(codes[channel])
      }
      denominator.pointee &+= weight
    }
    count.pointee &+= taken
  }

  /// Writes the weighted means so far.
  func finish() {
    for channel in 0..<channels {
      output[channel] =
        count.pointee == 0
        ? requantize.zero
        : requantize(
          mean: AttentionPooling.quotient(numerators[channel], denominator.pointee))
    }
  }

  /// `numerator / denominator` in Q16, halves up: long division by eight bits at a time, since a numerator may have 62.
  static func quotient(_ numerator: Int64, _ denominator: Int64) -> Int64 {
    var whole = numerator / denominator
    var rest = numerator &- whole &* denominator
    if rest < 0 {
      whole &-= 1
      rest &+= denominator
    }
    let high = (rest &<< 8) / denominator
    rest = rest &<< 8 &- high &* denominator
    return whole &<< 16 &+ high &<< 8 &+ roundedQuotient(rest &<< 8, denominator)
  }
}
