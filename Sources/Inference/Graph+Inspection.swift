import FixedPoint

extension Graph {
  /// The codes of tensor `index`, row by row, that the last `push` made, or the last `decide` where
  /// there is one row per decision. For comparing networks layer by layer; valid until the next
  /// call, and only in a graph that keeps its tensors.
  public func codes(ofTensor index: Int) -> UnsafeBufferPointer<Int8> {
    let tensor = program.tensors[index]
    let count = tensor.rate == 0 ? plan.rowCount(Int32(index)) : counts[index]
    return UnsafeBufferPointer(
      start: plan.rows(Int32(index)), count: count &* Int(tensor.channels))
  }

  /// Bytes that a graph of a checked `program` takes for the rows of its tensors and for what its
  /// kernels share.
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

  /// Runs operator `index` alone once more, over the first `count` rows that its inputs hold, to
  /// learn what it costs. Its stream is disturbed: call `restart()` before the next rows.
  public mutating func rerun(operator index: Int, rows count: Int) {
    _ = kernels[index].push(count)
  }

  /// What operator `index` does when a decision is made, alone once more, to learn what it costs: a
  /// pooling over time finishes, what follows computes its rows. The last operator writes `logits`.
  public mutating func redecide(
    operator index: Int, into logits: UnsafeMutablePointer<Int32>
  ) {
    decide(operator: index, into: logits)
  }
}
