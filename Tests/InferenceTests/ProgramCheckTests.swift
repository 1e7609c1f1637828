import FixedPoint
import Testing

@testable import Inference

/// The checker passes what the builder makes and refuses every kind of corruption, by its own case.
@Suite struct ProgramCheckTests {
  /// What `program` is refused for, or nil.
  private func problem(_ program: TestProgram) -> ProgramProblem? {
    program.withProgram { program in
      do throws(ProgramProblem) {
        try program.check()
        return nil
      } catch { return error }
    }
  }

  /// One operator of every kind. Tensors: 0 input (8 channels), 1 conv (8, rate 2), 2 max pooling (rate 4), 3 LSTM of 5,
  /// 4 affine, 5 dense of 5, 6 add of 4 and 5, 7 concatenation of 3 and 6, 8 scores, 9 attention, 10 mean, 11 statistics, 12 maximum,
  /// 13 concatenation, 14 dense, 15 logits. Operator i makes tensor i + 1.
  private func valid() -> TestProgram {
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

  /// What the valid program is refused for after `change`.
  private func after(_ change: (inout TestProgram) -> Void) -> ProgramProblem? {
    var program = valid()
    change(&program)
    return problem(program)
  }

  @Test func passesAProgramOfEveryKind() { #expect(problem(valid()) == nil) }

  @Test func refusesWrongCounts() {
    #expect(after { $0.tensors.removeLast() } == .tensorCount(15, operators: 15))
    #expect(after { $0.operators = [] } == .operatorCount(0))
    #expect(
      after { $0.operators = Array(repeating: $0.operators[0], count: 257) } == .operatorCount(257))
  }

  @Test func refusesWeightsThatAreNotAligned() {
    valid().withProgram { program in
      let shifted = UnsafeRawBufferPointer(rebasing: program.weights[4...])
      let moved = Program(
        operators: program.operators, tensors: program.tensors, weights: shifted)
      #expect(throws: ProgramProblem.weightsNotAligned) { try moved.check() }
    }
  }

  @Test func refusesTensorsOutOfRange() {
    #expect(after { $0.tensors[2].channels = 0 } == .channels(tensor: 2, 0))
    #expect(after { $0.tensors[2].channels = 65537 } == .channels(tensor: 2, 65537))
    #expect(after { $0.tensors[2].channels = .min } == .channels(tensor: 2, .min))
    for scale in [0, -1, Float.nan, .infinity] {
      #expect(after { $0.tensors[3].scale = scale } == .scale(tensor: 3))
    }
    #expect(after { $0.tensors[4].zeroPoint = 128 } == .zeroPoint(tensor: 4, 128))
    #expect(after { $0.tensors[4].zeroPoint = -129 } == .zeroPoint(tensor: 4, -129))
  }

  @Test func refusesRatesThatTheOperatorsDoNotGive() {
    #expect(after { $0.tensors[0].rate = 2 } == .rate(tensor: 0, 2, expected: 1))
    #expect(after { $0.tensors[0].rate = 0 } == .rate(tensor: 0, 0, expected: 1))
    #expect(after { $0.tensors[1].rate = 1 } == .rate(tensor: 1, 1, expected: 2))
    #expect(after { $0.tensors[10].rate = 4 } == .rate(tensor: 10, 4, expected: 0))
    #expect(after { $0.tensors[3].rate = -4 } == .rate(tensor: 3, -4, expected: 4))
  }

  @Test func refusesKindsAndFlagsItDoesNotKnow() {
    #expect(after { $0.operators[3].code = 99 } == .unknownKind(operator: 3, 99))
    for kind in [OperatorKind.batchNorm, .relu] {
      #expect(after { $0.operators[3].code = kind.rawValue } == .floatOnly(operator: 3, kind))
    }
    #expect(after { $0.operators[0].flags = 2 } == .flags(operator: 0))
    #expect(after { $0.operators[2].flags = 1 } == .flags(operator: 2), "an LSTM has no ReLU")
    #expect(after { $0.operators[0].reserved = 1 } == .flags(operator: 0))
  }

  @Test func refusesWiringThatDoesNotExist() {
    #expect(after { $0.operators[5].inputCount = 1 } == .inputCount(operator: 5))
    #expect(after { $0.operators[5].inputCount = 3 } == .inputCount(operator: 5))
    #expect(after { $0.operators[4].inputs[1] = 0 } == .inputCount(operator: 4))
    #expect(after { $0.operators[4].inputs[0] = 5 } == .inputOrder(operator: 4, input: 5))
    #expect(after { $0.operators[4].inputs[0] = -1 } == .inputOrder(operator: 4, input: -1))
    #expect(after { $0.operators[4].inputs[0] = .max } == .inputOrder(operator: 4, input: .max))
    #expect(after { $0.operators[4].output = 4 } == .outputIndex(operator: 4, 4))
  }

  @Test func refusesWindowsOutOfRange() {
    for value in [0, -1, 4097, Int32.max] {
      #expect(after { $0.operators[0].kernel = value } == .window(operator: 0))
      #expect(after { $0.operators[0].stride = value } == .window(operator: 0))
      #expect(after { $0.operators[0].dilation = value } == .window(operator: 0))
    }
    #expect(after { $0.operators[1].dilation = 2 } == .window(operator: 1))
    #expect(after { $0.operators[4].kernel = 2 } == .window(operator: 4))
  }

  @Test func refusesShapesThatDoNotFit() {
    #expect(after { $0.tensors[2].channels = 9 } == .shapes(operator: 1))
    #expect(after { $0.tensors[4].channels = 6 } == .shapes(operator: 3))
    #expect(after { $0.tensors[5].channels = 6 } == .shapes(operator: 5))
    #expect(after { $0.tensors[5].channels = 17 } == .parameters(operator: 4), "another block size")
    #expect(after { $0.tensors[7].channels = 11 } == .shapes(operator: 6))
    #expect(after { $0.operators[8].inputs[1] = 7 } == .shapes(operator: 8), "one score per row")
    #expect(after { $0.tensors[11].channels = 10 } == .shapes(operator: 10))
  }

  @Test func refusesTimeWhereThereIsNoneAndNoneWhereThereIs() {
    #expect(after { $0.operators[14].inputs[0] = 7 } == .rates(operator: 14))
    #expect(after { $0.operators[6].inputs[0] = 0 } == .rates(operator: 6))
  }

  @Test func refusesInputsWhoseRowsAreNotReadyTogether() {
    var random = SplitMix(seed: 32)
    var program = TestProgram(channels: 3)
    let pooled = program.maxPool(0, kernel: 3, stride: 2)
    let strided = program.matrix(
      .conv1D, 0, outputs: 3, kernel: 3, stride: 2, .typical, &random)
    let mean = program.pool(.meanPool, program.add(pooled, strided, &random), &random)
    _ = program.matrix(.logits, mean, outputs: 1, .typical, &random)
    #expect(problem(program) == .phases(operator: 2))
  }

  @Test func refusesAMaximumThatWouldChangeTheGrid() {
    #expect(after { $0.tensors[2].zeroPoint += 1 } == .grids(operator: 1))
    #expect(after { $0.tensors[12].scale *= 2 } == .grids(operator: 11))
  }

  @Test func refusesLogitsThatAreNotLast() {
    let early = after {
      $0.operators[13].code = OperatorKind.logits.rawValue
      $0.operators[13].flags = 0
    }
    #expect(early == .logitsNotLast(operator: 13))
    #expect(
      after { $0.operators[14].code = OperatorKind.dense.rawValue } == .logitsNotLast(operator: 14))
  }

  @Test func refusesBlocksThatAreNotWhereAndWhatTheySay() {
    #expect(after { $0.operators[0].parameters += 4 } == .parameters(operator: 0))
    #expect(after { $0.operators[0].parameters = .max - 63 } == .parameters(operator: 0))
    #expect(after { $0.operators[0].parameterBytes -= 64 } == .parameters(operator: 0))
    #expect(after { $0.operators[1].parameterBytes = 64 } == .parameters(operator: 1))
    #expect(after { $0.weights.removeLast(64) } == .parameters(operator: 14))
  }

  /// Overwrites an int32 of operator `index`'s block.
  private func poke(
    _ index: Int, _ offset: Int, _ value: Int32
  ) -> (inout TestProgram) -> Void {
    { program in
      let start = Int(program.operators[index].parameters) + offset
      for byte in 0..<4 {
        program.weights[start + byte] = UInt8(truncatingIfNeeded: value >> (8 * byte))
      }
    }
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

  /// The bound is exact: the largest bias that it lets pass can be reached, one more cannot be trusted.
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
      #expect(problem(program) == (refused ? .overflow(operator: 0, output: 0) : nil))

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
    #expect(after(poke(8, 1024 + 4, 23)) == .constants(operator: 8))
    #expect(after(poke(9, 0, 5)) == .constants(operator: 9))
    #expect(after(poke(10, 4, 63)) == .constants(operator: 10))
  }

  @Test func refusesAGraphThatNeedsTooMuchMemory() {
    var program = TestProgram(channels: 60_000)
    _ = program.maxPool(0, kernel: 4000, stride: 1)
    var random = SplitMix(seed: 34)
    let mean = program.pool(.meanPool, 1, &random)
    _ = program.matrix(.logits, mean, outputs: 1, .typical, &random)
    guard case .tooLarge(let bytes) = problem(program) else {
      Issue.record("passed")
      return
    }
    #expect(bytes > 4003 * 60_000)
  }

  /// Whatever bits are flipped: refused, or run to the end without a trap.
  @Test func flippedBitsNeverCrash() throws {
    var refused = 0
    for number in 0..<3000 {
      var random = SplitMix(seed: 1000 + UInt64(number))
      var program = valid()
      for _ in 0..<random.integer(1...3) {
        let bit = UInt8(1 << random.integer(0...7))
        switch random.integer(0...2) {
        case 0:
          program.operators.withUnsafeMutableBytes {
            $0[random.integer(0...$0.count - 1)] ^= bit
          }
        case 1:
          program.tensors.withUnsafeMutableBytes {
            $0[random.integer(0...$0.count - 1)] ^= bit
          }
        default:
          program.weights[random.integer(0...program.weights.count - 1)] ^= bit
        }
      }
      guard problem(program) == nil else {
        refused += 1
        continue
      }
      let rows = Style.extreme.rows(
        20, channels: Int(program.tensors[0].channels), &random)
      _ = try program.logits(rows, sizes: [4, 1])
    }
    #expect(refused > 500 && refused < 3000)
  }
}
