import FixedPoint

extension Graph {
  /// The codes of tensor `index`, row by row, from the last `push`, or from the last `decide` if it
  /// has one row per decision. For comparing networks layer by layer; valid until the next call,
  /// and only in a graph that keeps its tensors.
  public func codes(ofTensor index: Int) -> UnsafeBufferPointer<Int8> {
    let tensor = program.tensors[index]
    let count = tensor.rate == 0 ? plan.rowCount(Int32(index)) : counts[index]
    return UnsafeBufferPointer(
      start: plan.rows(Int32(index)), count: count &* Int(tensor.channels))
  }

  /// Bytes that a graph of a checked `program` takes for the rows of its tensors and the memory
  /// shared by its kernels.
  public static func sharedBytes(
    of program: Program, variant: KernelVariant = .best
  ) -> Int {
    var arena = Arena.counting()
    _ = RowPlan(program, variant: variant, reuse: true, arena: &arena)
    _ = arena.take(Kernel.self, count: program.operators.count)
    _ = arena.take(Int.self, count: program.tensors.count)
    return arena.used
  }

  /// Bytes of state that operator `index` of a checked `program` keeps from call to call.
  public static func stateBytes(
    ofOperator index: Int, in program: Program, variant: KernelVariant = .best
  ) -> Int {
    var counting = Arena.counting()
    let plan = RowPlan(program, variant: variant, reuse: true, arena: &counting)
    var arena = Arena.counting()
    _ = Kernel(program.operators[index], in: program, plan: plan, arena: &arena)
    return arena.used
  }

  /// Runs operator `index` alone once more, over the first `count` rows of its inputs, to measure
  /// its cost. This corrupts the stream's state: call `restart()` before the next rows.
  public mutating func rerun(operator index: Int, rows count: Int) {
    _ = kernels[index].push(count)
  }

  /// Runs operator `index` alone once more as in a decision, to measure its cost: a pooling over
  /// time finishes, later operators compute their rows. The last operator writes `logits`.
  public mutating func redecide(
    operator index: Int, into logits: UnsafeMutablePointer<Int32>
  ) {
    decide(operator: index, into: logits)
  }
}
