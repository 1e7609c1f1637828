import FixedPoint
import TestSupport
import Testing

@testable import Inference

/// The checker passes what the builder makes and refuses every kind of corruption, by its own case.
@Suite struct ProgramCheckTests {
  /// What the valid program is refused for after `change`.
  private func after(_ change: (inout TestProgram) -> Void) -> ProgramProblem? {
    TestProgram.ofEveryKind().problem(after: change)
  }

  @Test func passesAProgramOfEveryKind() { #expect(TestProgram.ofEveryKind().problem == nil) }

  @Test func refusesWrongCounts() {
    #expect(after { $0.tensors.removeLast() } == .tensorCount(15, operators: 15))
    #expect(after { $0.operators = [] } == .operatorCount(0))
    #expect(
      after { $0.operators = Array(repeating: $0.operators[0], count: 257) } == .operatorCount(257))
  }

  @Test func refusesWeightsThatAreNotAligned() {
    TestProgram.ofEveryKind().withProgram { program in
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
    #expect(program.problem == .phases(operator: 2))
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

  @Test func refusesAGraphThatNeedsTooMuchMemory() {
    var program = TestProgram(channels: 60_000)
    _ = program.maxPool(0, kernel: 4000, stride: 1)
    var random = SplitMix(seed: 34)
    let mean = program.pool(.meanPool, 1, &random)
    _ = program.matrix(.logits, mean, outputs: 1, .typical, &random)
    guard case .tooLarge(let bytes) = program.problem else {
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
      var program = TestProgram.ofEveryKind()
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
      guard program.problem == nil else {
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
