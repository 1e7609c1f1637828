import FixedPoint

extension Graph {
  /// The codes of tensor `index`, row by row, that the last `push` made, or the last `decide` where there is one row
  /// per decision. For comparing networks layer by layer; valid until the next call.
  public func codes(ofTensor index: Int) -> UnsafeBufferPointer<Int8> {
    let tensor = program.tensors[index]
    let count = tensor.rate == 0 ? 1 : counts[index]
    return UnsafeBufferPointer(
      start: plan.rows(Int32(index)), count: count &* Int(tensor.channels))
  }

  /// Bytes that a graph of a checked `program` takes for the rows of its tensors and for what its kernels share.
  public static func sharedBytes(
    of program: Program, variant: KernelVariant = .best
  ) -> Int {
    var arena = Arena.counting()
    _ = RowPlan(program, variant: variant, arena: &arena)
    _ = arena.take(Kernel.self, count: program.operators.count)
    _ = arena.take(Int.self, count: program.tensors.count)
    return arena.used
  }

  /// Bytes of state that operator `index` of a checked `program` keeps from call to call.
  public static func stateBytes(
    ofOperator index: Int, in program: Program, variant: KernelVariant = .best
  ) -> Int {
    var counting = Arena.counting()
    let plan = RowPlan(program, variant: variant, arena: &counting)
    var arena = Arena.counting()
    _ = Kernel(program.operators[index], in: program, plan: plan, arena: &arena)
    return arena.used
  }
}
