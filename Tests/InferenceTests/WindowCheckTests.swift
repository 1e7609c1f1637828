import FixedPoint
import TestSupport
import Testing

@testable import Inference

/// What the checker refuses of networks of fixed length, each by its own case.
@Suite struct WindowCheckTests {
  private static let geometry = PlaneGeometry(
    columns: 4, kernel: SIMD2(3, 3), before: .one, after: .one)

  /// Tensors: 0 input (8 channels), 1 window of 6 rows, 2 convolution (6 × 4 × 3), 3 maximum (3 × 2
  /// × 3), 4 depthwise (3 × 2 × 3), 5 mean (2 × 2 × 3), 6 packed (24 rows of 1), 7 recurrent of 5,
  /// 8 its last row, 9 the logits.
  private func valid() -> TestProgram {
    var random = SplitMix(seed: 51)
    var program = TestProgram(channels: 8, zeroPoint: 3)
    _ = program.window(0, rows: 6)
    _ = program.convolution(
      .conv2D, 1, WindowCheckTests.geometry, features: 3, .typical, &random)
    _ = program.planePool(
      .maxPool2D, 2, PlaneGeometry(columns: 4, kernel: SIMD2(2, 2), stride: SIMD2(2, 2)), &random)
    _ = program.convolution(
      .depthwise2D, 3,
      PlaneGeometry(columns: 2, kernel: SIMD2(3, 1), before: SIMD2(1, 0), after: SIMD2(1, 0)),
      features: 3, .typical, &random)
    _ = program.planePool(
      .averagePool2D, 4, PlaneGeometry(columns: 2, kernel: SIMD2(2, 1)), &random)
    _ = program.pack(5, widths: [2, 4], channels: 1)
    _ = program.simpleRNN(6, hidden: 5, .typical, &random)
    _ = program.lastRow(7)
    _ = program.matrix(.logits, 8, outputs: 3, .typical, &random)
    return program
  }

  private func after(_ change: (inout TestProgram) -> Void) -> ProgramProblem? {
    valid().problem(after: change)
  }

  private func poke(_ index: Int, _ offset: Int, _ value: Int32) -> ProgramProblem? {
    after { $0.poke(index, offset, value) }
  }

  @Test func passesAProgramOfEveryKind() { #expect(valid().problem == nil) }

  @Test func refusesGeometriesOutOfRange() {
    for field in stride(from: 0, through: 40, by: 4) {
      for value: Int32 in [-1, 1025, .max, .min] {
        #expect(poke(1, field, value) == .geometry(operator: 1), "field at \(field)")
      }
      if field < 24 { #expect(poke(1, field, 0) == .geometry(operator: 1)) }
    }
    #expect(poke(1, 24, 3) == .geometry(operator: 1), "as much padding as the taps reach over")
    #expect(poke(1, 36, 3) == .geometry(operator: 1))
    #expect(poke(1, 40, 3) == .geometry(operator: 1), "8 channels have no 3 columns")
    #expect(poke(2, 16, 2) == .geometry(operator: 2), "a pooling has no dilation")
    #expect(poke(2, 0, 7) == .geometry(operator: 2), "7 rows of 6")
  }

  @Test func refusesBlocksTooSmallForTheirGeometry() {
    for index in [1, 2, 3, 4] {
      #expect(after { $0.operators[index].parameterBytes = 0 } == .parameters(operator: index))
      #expect(after { $0.operators[index].parameterBytes += 64 } == .parameters(operator: index))
      #expect(after { $0.operators[index].parameters = .max - 63 } == .parameters(operator: index))
    }
  }

  @Test func refusesShapesThatTheGeometryDoesNotMake() {
    #expect(after { $0.tensors[2].channels = 13 } == .shapes(operator: 1))
    #expect(after { $0.tensors[2].channels = 4 * 17 } == .parameters(operator: 1), "another matrix")
    #expect(after { $0.tensors[3].channels = 12 } == .shapes(operator: 2))
    #expect(after { $0.tensors[4].channels = 12 } == .shapes(operator: 3))
    #expect(after { $0.tensors[6].channels = 5 } == .shapes(operator: 5))
    #expect(poke(1, 8, 2) != nil, "a stride that leaves fewer columns")
  }

  @Test func refusesGroupsThatAreNotTheChannels() {
    #expect(poke(5, 0, 3) == .constants(operator: 5))
    #expect(poke(5, 0, 0) == .constants(operator: 5))
    #expect(poke(5, 0, .min) == .constants(operator: 5))
    #expect(after { $0.operators[5].kernel = 17 } == .parameters(operator: 5))
  }

  @Test func refusesWindowsWhereTheyMakeNoSense() {
    #expect(after { $0.operators[0].kernel = 0 } == .window(operator: 0))
    #expect(after { $0.operators[0].kernel = 4097 } == .window(operator: 0))
    #expect(after { $0.tensors[1].zeroPoint = 4 } == .grids(operator: 0))
    #expect(
      after { $0.operators[7].code = OperatorKind.window.rawValue } == .rates(operator: 7),
      "a window of a window")
    #expect(
      after { $0.operators[1].inputs[0] = 0 } == .rates(operator: 1), "a plane along time")
    #expect(
      after { $0.operators[7].code = OperatorKind.affine.rawValue } == .parameters(operator: 7))
  }

  @Test func refusesLogitsOfSeveralRows() {
    var random = SplitMix(seed: 52)
    var program = TestProgram(channels: 3)
    _ = program.matrix(.logits, program.window(0, rows: 2), outputs: 2, .typical, &random)
    #expect(program.problem == .geometry(operator: 1))
  }

  @Test func refusesInputsWithOtherRows() {
    var random = SplitMix(seed: 53)
    var program = TestProgram(channels: 3)
    let (first, second) = (program.window(0, rows: 2), program.window(0, rows: 3))
    let mean = program.pool(.meanPool, program.add(first, second, &random), &random)
    _ = program.matrix(.logits, mean, outputs: 2, .typical, &random)
    #expect(program.problem == .geometry(operator: 2))
  }

  @Test func refusesDecisionsThatWouldTakeTooLong() {
    var random = SplitMix(seed: 54)
    var program = TestProgram(channels: 64)
    var last = program.window(0, rows: 4096)
    for _ in 0..<2 {
      last = program.planePool(
        .averagePool2D, last,
        PlaneGeometry(
          columns: 64, kernel: SIMD2(255, 63), before: SIMD2(127, 31), after: SIMD2(127, 31)),
        &random)
    }
    _ = program.matrix(
      .logits, program.pool(.meanPool, last, &random), outputs: 2, .typical, &random)
    #expect(program.problem == .tooMuchWork(operator: 2))
  }

  @Test func refusesTensorsThatNoMemoryHolds() {
    var random = SplitMix(seed: 55)
    var program = TestProgram(channels: 1)
    let wide = program.matrix(.dense, 0, outputs: 65_536, .typical, &random)
    _ = program.matrix(
      .logits, program.lastRow(program.window(wide, rows: 4096)), outputs: 2, .typical, &random)
    #expect(program.problem == .tooLarge(bytes: 4096 << 16))
  }
}
