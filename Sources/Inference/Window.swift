import FixedPoint

/// The last rows of a context, as many as a network of fixed length takes, followed by real zeros
/// if there are fewer.
struct Window: BitwiseCopyable {
  private let input: UnsafePointer<Int8>
  private let output: UnsafeMutablePointer<Int8>
  private let channels: Int
  private let length: Int
  private let zero: Int8
  /// Ring buffer of the last rows; row t of the context is at `t % length`.
  private let ring: UnsafeMutablePointer<Int8>
  private let count: UnsafeMutablePointer<Int>

  init(_ step: Operator, in program: Program, plan: RowPlan, arena: inout Arena) {
    let from = program.tensors[Int(step.inputs[0])]
    input = UnsafePointer(plan.rows(step.inputs[0]))
    output = plan.rows(step.output)
    channels = Int(from.channels)
    length = Int(step.kernel)
    zero = Int8(truncatingIfNeeded: from.zeroPoint)
    ring = arena.take(Int8.self, count: length * channels)
    count = arena.take(Int.self, count: 1)
  }

  func restart() { count.pointee = 0 }

  /// Takes in `rows` rows.
  func push(_ rows: Int) {
    for row in 0..<rows {
      let place = count.pointee % length
      (ring + place &* channels).copy(from: input + row &* channels, count: channels)
      count.pointee &+= 1
    }
  }

  /// Writes the rows, oldest first.
  func finish() {
    let held = min(count.pointee, length)
    let oldest = count.pointee > length ? count.pointee % length : 0
    let behind = (held &- oldest) &* channels
    output.copy(from: ring + oldest &* channels, count: behind)
    (output + behind).copy(from: ring, count: oldest &* channels)
    (output + held &* channels).update(repeating: zero, count: (length &- held) &* channels)
  }
}
