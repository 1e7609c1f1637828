import TestSupport

@testable import Inference

extension TestProgram {
  /// What the program is refused for, or nil.
  var problem: ProgramProblem? {
    withProgram { program in
      do throws(ProgramProblem) {
        try program.check()
        return nil
      } catch { return error }
    }
  }

  /// What the program would be refused for after `change`.
  func problem(after change: (inout TestProgram) -> Void) -> ProgramProblem? {
    var changed = self
    change(&changed)
    return changed.problem
  }

  /// Overwrites an int32 of operator `index`'s block.
  mutating func poke(_ index: Int, _ offset: Int, _ value: Int32) {
    let start = Int(operators[index].parameters) + offset
    for byte in 0..<4 { weights[start + byte] = UInt8(truncatingIfNeeded: value >> (8 * byte)) }
  }

  /// One operator of every kind. Tensors: 0 input (8 channels), 1 conv (8, rate 2), 2 max pooling
  /// (rate 4), 3 LSTM of 5, 4 affine, 5 dense of 5, 6 add of 4 and 5, 7 concatenation of 3 and 6, 8
  /// scores, 9 attention, 10 mean, 11 statistics, 12 maximum, 13 concatenation, 14 dense, 15
  /// logits. Operator i makes tensor i + 1.
  static func ofEveryKind() -> TestProgram {
    var random = SplitMix(seed: 31)
    var program = TestProgram(channels: 8, zeroPoint: 3)
    _ = program.matrix(.conv1D, 0, outputs: 8, kernel: 3, stride: 2, dilation: 2, .typical, &random)
    _ = program.maxPool(1, kernel: 2, stride: 2)
    _ = program.lstm(2, hidden: 5, .typical, &random)
    _ = program.affine(3, &random)
    _ = program.matrix(.dense, 3, outputs: 5, .typical, &random)
    _ = program.add(4, 5, &random)
    _ = program.concatenate([3, 6], &random)
    _ = program.matrix(.dense, 7, outputs: 1, .typical, &random)
    _ = program.pool(.attentionPool, 7, scores: 8, &random)
    _ = program.pool(.meanPool, 7, &random)
    _ = program.pool(.statisticsPool, 7, &random)
    _ = program.globalMaxPool(7)
    _ = program.concatenate([9, 10, 11, 12], &random)
    _ = program.matrix(.dense, 13, outputs: 9, .typical, &random)
    _ = program.matrix(.logits, 14, outputs: 6, .typical, &random)
    return program
  }
}
