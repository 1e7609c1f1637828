import Inference

extension ModelContainer {
  /// The checked program in three sections.
  func program(
    _ operatorKind: SectionKind, _ tensorKind: SectionKind, _ weightKind: SectionKind
  ) throws(ModelProblem) -> Program {
    let operators = try elements(operatorKind, of: Operator.self)
    let tensors = try elements(tensorKind, of: Tensor.self, count: operators.count &+ 1)
    guard let weights = section(weightKind) else { throw .missing(weightKind) }
    let program = Program(
      operators: operators,
      tensors: UnsafeBufferPointer(start: tensors, count: operators.count &+ 1), weights: weights)
    do throws(ProgramProblem) {
      try program.check()
    } catch {
      throw operatorKind == .operators ? .program(error) : .detectorProgram(error)
    }
    return program
  }
}
