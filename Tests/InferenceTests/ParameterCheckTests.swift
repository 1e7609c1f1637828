import FixedPoint
import TestSupport
import Testing

@testable import Inference

/// The checker refuses every number in a parameter block that a kernel could not compute with, by
/// its own case. Operators are those of `TestProgram.ofEveryKind`.
@Suite struct ParameterCheckTests {
  private func after(_ change: (inout TestProgram) -> Void) -> ProgramProblem? {
    TestProgram.ofEveryKind().problem(after: change)
  }

  private func poke(
    _ index: Int, _ offset: Int, _ value: Int32
  ) -> (inout TestProgram) -> Void {
    { $0.poke(index, offset, value) }
  }

  @Test func refusesWeightsThatKernelsCannotMultiply() {
    let layout = MatrixLayout(outputs: 8, depth: 24)
    func weight(_ output: Int, _ index: Int, _ value: UInt8) -> ProgramProblem? {
      after {
        $0.weights[
          Int($0.operators[0].parameters) + layout.weightOffset(output: output, index: index)] =
          value
      }
    }
    #expect(weight(3, 7, 0x80) == .weightOutOfRange(operator: 0, output: 3))
    #expect(weight(9, 7, 1) == .padding(operator: 0, output: 9))
    #expect(after(poke(0, layout.biases + 4 * 9, 1)) == .padding(operator: 0, output: 9))
    #expect(
      after { $0.weights[Int($0.operators[4].parameters) + 64 + 1] = 1 }
        == .padding(operator: 4, output: 0), "depth 5 is padded to 8")
  }

  @Test func refusesRescalersOutOfRange() {
    let layout = MatrixLayout(outputs: 8, depth: 24)
    for mantissa: Int32 in [1, 1 << 30 - 1, -1, .min] {
      #expect(
        after(poke(0, layout.mantissas + 8, mantissa)) == .rescaler(operator: 0, output: 2))
    }
    for shift: Int32 in [23, 63, 0, -1] {
      #expect(after(poke(0, layout.shifts + 8, shift)) == .rescaler(operator: 0, output: 2))
    }
    #expect(after(poke(3, 4, 1 << 22 + 1)) == .rescaler(operator: 3, output: 1))
    #expect(after(poke(3, 64 + 4, .min)) == .rescaler(operator: 3, output: 1))
    #expect(after(poke(3, 128 + 4, 0)) == .rescaler(operator: 3, output: 1))
    #expect(after(poke(3, 20, 1)) == .padding(operator: 3, output: 5))
  }

  @Test func refusesSumsThatCouldOverflow() {
    let layout = MatrixLayout(outputs: 8, depth: 24)
    #expect(after(poke(0, layout.biases + 8, .max)) == .overflow(operator: 0, output: 2))
    #expect(after(poke(0, layout.biases + 8, .min)) == .overflow(operator: 0, output: 2))
    let logits = MatrixLayout(outputs: 6, depth: 9)
    #expect(after(poke(14, logits.shifts, 14)) == .rescaler(operator: 14, output: 0))
    let scaledUp = after { program in
      poke(14, logits.shifts, 15)(&program)
      poke(14, logits.biases, 1 << 20)(&program)
    }
    #expect(scaledUp == .overflow(operator: 14, output: 0))
  }

  /// The bound is exact: the largest bias that it lets pass can be reached, one more cannot be
  /// trusted.
  @Test func theBoundOnSumsIsExact() {
    for (excess, refused) in [(0, false), (1, true)] {
      var program = TestProgram(channels: 4, zeroPoint: -128)
      var random = SplitMix(seed: 33)
      let greatest = Int(Int32.max) - (1 << 15) - 4 * 127 * 255
      let matrix = TestMatrix(
        weights: [[127, -127, 127, 127]], biases: [-greatest - excess],
        rescalers: [Rescaler(mantissa: 1 << 30, shift: 30)])
      program.append(
        .conv1D, inputs: [0], channels: 1, rate: 1, layer: .matrix(matrix), block: matrix.packed())
      let mean = program.pool(.meanPool, 1, &random)
      _ = program.matrix(.logits, mean, outputs: 1, .typical, &random)
      #expect(program.problem == (refused ? .overflow(operator: 0, output: 0) : nil))
    }
  }

  @Test func refusesAnLSTMWhoseGatesCouldOverflow() {
    let layout = RecurrentLayout(gates: 4, channels: 8, hidden: 5)
    let second = layout.recurrentOffset
    #expect(after(poke(2, layout.input.biases, .max)) == .overflow(operator: 2, output: 0))
    #expect(
      after(poke(2, second + layout.recurrent.biases + 4, .min))
        == .overflow(operator: 2, output: 1))
    let big: Int32 = 1 << 30 + 1 << 29
    let both = after { program in
      for start in [0, second] {
        let matrix = start == 0 ? layout.input : layout.recurrent
        poke(2, start + matrix.biases + 12, big)(&program)
        poke(2, start + matrix.mantissas + 12, 1 << 30)(&program)
        poke(2, start + matrix.shifts + 12, 30)(&program)
      }
    }
    #expect(both == .overflow(operator: 2, output: 3), "each fits, their sum does not")
    #expect(after(poke(2, layout.constants, 16)) == .constants(operator: 2))
    #expect(after(poke(2, layout.constants, -1)) == .constants(operator: 2))
    #expect(after(poke(2, layout.constants + 4, 1)) == .constants(operator: 2))
    #expect(after(poke(2, layout.constants + 8, 10)) == .constants(operator: 2))
  }

  @Test func refusesConstantsOutOfRange() {
    #expect(after(poke(5, 0, 1 << 21 + 1)) == .constants(operator: 5))
    #expect(after(poke(5, 4, -1)) == .constants(operator: 5))
    #expect(after(poke(5, 8, 31)) == .constants(operator: 5))
    #expect(after(poke(6, 4, 12)) == .constants(operator: 6))
    #expect(after(poke(6, 8, 1 << 30)) == .constants(operator: 6), "a place without an input")
    #expect(after(poke(8, 0, 0)) == .constants(operator: 8), "attention cannot divide by zero")
    #expect(after(poke(8, 255 * 4, 0)) == .constants(operator: 8), "weights that decrease")
    #expect(after(poke(8, 255 * 4, -2)) == .constants(operator: 8), "no weight is the largest")
    #expect(after(poke(8, 1024 + 4, 23)) == .constants(operator: 8))
    #expect(after(poke(9, 0, 5)) == .constants(operator: 9))
    #expect(after(poke(10, 4, 63)) == .constants(operator: 10))
  }
}
