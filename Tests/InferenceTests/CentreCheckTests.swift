import TestSupport
import Testing

@testable import Inference

/// The checker refuses every number of a centring that its bounds do not hold for.
@Suite struct CentreCheckTests {
  /// Tensors: 0 input (5 channels), 1 mean, 2 centred, 3 logits.
  private var program: TestProgram {
    var random = SplitMix(seed: 35)
    var program = TestProgram(channels: 5, zeroPoint: 3)
    let mean = program.pool(.meanPool, 0, &random)
    let centre = program.centre(mean, .typical, &random)
    _ = program.matrix(.logits, centre, outputs: 3, .typical, &random)
    return program
  }

  private let layout = CentreLayout(channels: 5)

  private func after(_ offset: Int, _ value: Int32) -> ProgramProblem? {
    program.problem { $0.poke(1, offset, value) }
  }

  @Test func takesWhatIsAtTheEndsOfItsRanges() {
    #expect(program.problem == nil)
    for (offset, greatest) in [
      (layout.means, CentreLayout.greatestMean), (layout.amounts, CentreLayout.greatestAmount),
    ] {
      #expect(after(offset, greatest) == nil && after(offset, -greatest) == nil)
    }
    for offset in [8, 12] {
      #expect(after(layout.constants + offset, 1) == nil)
      #expect(after(layout.constants + offset, 64) == nil)
    }
    #expect(after(layout.constants, 0) == nil, "a ratio too small to move anything")
    #expect(program.problem { $0.operators[1].flags = Operator.relu } == nil)
    #expect(program.problem { $0.operators[1].flags = 0 } == nil)
  }

  @Test func refusesMeansAndAmountsOutOfRange() {
    for (offset, greatest) in [
      (layout.means, CentreLayout.greatestMean), (layout.amounts, CentreLayout.greatestAmount),
    ] {
      for value in [greatest + 1, -greatest - 1, .max, .min] {
        #expect(after(offset + 4 * 4, value) == .rescaler(operator: 1, output: 4))
      }
      #expect(after(offset + 4 * 5, 1) == .padding(operator: 1, output: 5))
      #expect(after(offset + 4 * 15, -1) == .padding(operator: 1, output: 15))
    }
  }

  @Test func refusesConstantsOutOfRange() {
    let constants = layout.constants
    for mantissa: Int32 in [1, 1 << 30 - 1, -1, .min] {
      #expect(after(constants, mantissa) == .constants(operator: 1))
    }
    for shift: Int32 in [23, 63, 0, -1] {
      #expect(after(constants + 4, shift) == .constants(operator: 1))
    }
    for offset in [8, 12] {
      for count: Int32 in [0, 65, -1, .min, .max] {
        #expect(after(constants + offset, count) == .constants(operator: 1))
      }
    }
  }

  @Test func refusesABlockOfAnotherSize() {
    for change in [-64, 64] {
      #expect(
        program.problem {
          $0.operators[1].parameterBytes = UInt64(Int($0.operators[1].parameterBytes) + change)
        } == .parameters(operator: 1))
    }
    #expect(program.problem { $0.operators[1].parameters += 4 } == .parameters(operator: 1))
    #expect(program.problem { $0.operators[1].parameters = 1 << 40 } == .parameters(operator: 1))
  }

  @Test func refusesRecordsThatAreNotItsOwn() {
    #expect(program.problem { $0.operators[1].flags = 2 } == .flags(operator: 1))
    #expect(program.problem { $0.operators[1].kernel = 2 } == .window(operator: 1))
    #expect(program.problem { $0.operators[1].stride = 2 } == .window(operator: 1))
    #expect(program.problem { $0.operators[1].dilation = 2 } == .window(operator: 1))
    #expect(
      program.problem {
        $0.operators[1].inputs[1] = 1
        $0.operators[1].inputCount = 2
      } == .inputCount(operator: 1))
    #expect(program.problem { $0.tensors[2].channels = 6 } == .shapes(operator: 1))
    #expect(
      program.problem { $0.tensors[2].rate = 1 } == .rate(tensor: 2, 1, expected: 0))
  }

  @Test func onlyOneRowOfADecisionCanBeCentred() {
    #expect(program.problem { $0.operators[1].inputs[0] = 0 } == .rates(operator: 1))
    var random = SplitMix(seed: 36)
    var windowed = TestProgram(channels: 5)
    let window = windowed.window(0, rows: 4)
    let centre = windowed.centre(window, .typical, &random)
    _ = windowed.matrix(.logits, windowed.lastRow(centre), outputs: 3, .typical, &random)
    #expect(windowed.problem == .geometry(operator: 1))
  }
}
