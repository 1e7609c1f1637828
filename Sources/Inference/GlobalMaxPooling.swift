import FixedPoint

/// Maximum over time; the grid is unchanged. Without any rows, real zero.
struct GlobalMaxPooling: BitwiseCopyable {
  private let input: UnsafePointer<Int8>
  private let output: UnsafeMutablePointer<Int8>
  private let channels: Int
  private let maxima: UnsafeMutablePointer<Int8>
  private let isEmpty: UnsafeMutablePointer<Bool>
  private let zero: Int8

  init(_ step: Operator, in program: Program, plan: RowPlan, arena: inout Arena) {
    let from = program.tensors[Int(step.inputs[0])]
    input = UnsafePointer(plan.rows(step.inputs[0]))
    output = plan.rows(step.output)
    channels = Int(from.channels)
    maxima = arena.take(Int8.self, count: channels)
    isEmpty = arena.take(Bool.self, count: 1)
    zero = Int8(truncatingIfNeeded: from.zeroPoint)
  }

  func restart() {
    maxima.update(repeating: -128, count: channels)
    isEmpty.pointee = true
  }

  /// Takes in `rows` rows, beginning with row `first` of the input.
  func push(_ rows: Int, from first: Int) {
    for row in 0..<rows {
      let codes = input + (first &+ row) &* channels
      for channel in 0..<channels { maxima[channel] = max(maxima[channel], codes[channel]) }
      isEmpty.pointee = false
    }
  }

  /// Writes the maxima so far.
  func finish() {
    if isEmpty.pointee {
      output.update(repeating: zero, count: channels)
    } else {
      output.copy(from: maxima, count: channels)
    }
  }
}
