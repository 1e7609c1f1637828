import TestSupport
import Testing

@testable import Inference

/// The kernels of networks of fixed length against `Definition`, over random shapes, numbers,
/// lengths and variants.
@Suite struct WindowKernelTests {
  private func forMany(
    _ cases: Int, channels: Int, seed: UInt64,
    _ build: (inout TestProgram, Int, Style, inout SplitMix) -> Int
  ) throws {
    try KernelTests().forMany(cases, channels: channels, seed: seed) { program, style, random in
      let window = program.window(0, rows: random.integer(1...30))
      return build(&program, window, style, &random)
    }
  }

  @Test func windowsKeepTheLastRowsAndPutZerosBehindFewer() throws {
    try forMany(300, channels: 20, seed: 1000) { _, window, _, _ in window }
  }

  @Test(arguments: [OperatorKind.conv2D, .depthwise2D])
  func convolutionsMatchTheirDefinition(kind: OperatorKind) throws {
    try forMany(600, channels: 40, seed: 2000) { program, window, style, random in
      let geometry = TestProgram.geometry(
        rows: program.rowCount(window), channels: Int(program.tensors[window].channels),
        isPooling: false, &random)
      return program.convolution(
        kind, window, geometry, features: random.integer(1...40), style, &random)
    }
  }

  @Test func sequencesWithSamePaddingMatchTheirDefinition() throws {
    try forMany(400, channels: 40, seed: 2500) { program, window, style, random in
      let kernel = Int32(random.integer(1...7))
      let geometry = PlaneGeometry(
        kernel: SIMD2(kernel, 1), stride: SIMD2(Int32(random.integer(1...3)), 1),
        before: SIMD2((kernel - 1) / 2, 0), after: SIMD2(kernel / 2, 0))
      return program.convolution(
        .conv2D, window, geometry, features: random.integer(1...40), style, &random)
    }
  }

  @Test(arguments: [OperatorKind.maxPool2D, .averagePool2D])
  func poolingMatchesItsDefinition(kind: OperatorKind) throws {
    try forMany(500, channels: 40, seed: 3000) { program, window, _, random in
      let geometry = TestProgram.geometry(
        rows: program.rowCount(window), channels: Int(program.tensors[window].channels),
        isPooling: true, &random)
      return program.planePool(kind, window, geometry, &random)
    }
  }

  @Test func packingMatchesItsDefinition() throws {
    try forMany(300, channels: 20, seed: 4000) { program, window, _, random in
      let channels = Int(program.tensors[window].channels)
      let all = channels * program.rowCount(window)
      let packed = program.pack(
        window, widths: Array(repeating: 1, count: channels),
        channels: (1...all).filter { all % $0 == 0 }.randomElement(using: &random)!)
      return program.flatten(packed, &random)
    }
  }

  @Test func simpleRecurrentLayersMatchTheirDefinition() throws {
    try forMany(300, channels: 40, seed: 5000) { program, window, style, random in
      let along = program.simpleRNN(0, hidden: random.integer(1...24), style, &random)
      let within = program.simpleRNN(window, hidden: random.integer(1...24), style, &random)
      return program.concatenate(
        [program.lastRow(along), program.lastRow(within)], &random)
    }
  }

  @Test func whatRunsAlongTimeRunsInAWindowToo() throws {
    try forMany(400, channels: 20, seed: 6000) { program, window, style, random in
      let kept = program.lstm(window, hidden: random.integer(1...12), style, &random)
      let mapped = program.affine(
        program.matrix(.dense, kept, outputs: random.integer(1...20), style, &random), &random)
      let score = program.matrix(.dense, mapped, outputs: 1, style, &random)
      let joined = program.concatenate([kept, mapped], &random)
      return program.concatenate(
        [
          program.pool(.attentionPool, joined, scores: score, &random),
          program.pool(.meanPool, joined, &random), program.globalMaxPool(joined),
          program.pool(.statisticsPool, joined, &random),
        ], &random)
    }
  }
}
