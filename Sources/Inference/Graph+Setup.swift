import FixedPoint

extension Graph {
  /// A graph of a checked program, whose memory must outlive it. Reserves all the memory it will
  /// ever need from `arena` without writing to it: call `restart()` before the first rows.
  ///
  /// `variant` must be available on this processor; all give the same bytes. With `keepsTensors` no
  /// tensor's bytes are reused for another, so that `codes(ofTensor:)` can be read.
  public init(
    _ program: Program, variant: KernelVariant = .best, keepsTensors: Bool = false,
    arena: inout Arena
  ) {
    self.program = program
    plan = RowPlan(program, variant: variant, reuse: !keepsTensors, arena: &arena)
    kernels = arena.take(Kernel.self, count: program.operators.count)
    counts = arena.take(Int.self, count: program.tensors.count)
    kernelArena = arena
    for step in program.operators { _ = Kernel(step, in: program, plan: plan, arena: &arena) }
  }

  /// Creates the kernels once, in the memory that `init` reserved for them, by repeating the
  /// reservations on a copy of the arena.
  mutating func makeKernels() {
    guard var arena = kernelArena else { return }
    kernelArena = nil
    for index in 0..<program.operators.count {
      let step = program.operators[index]
      (kernels + index).initialize(to: Kernel(step, in: program, plan: plan, arena: &arena))
      kernels[index].prepare()
      kernels[index].forgetTalker()
    }
  }
}
