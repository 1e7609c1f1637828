import FixedPoint
import TestSupport
import Testing

@testable import Inference

/// Each kernel against `Definition`, over random shapes, typical and extreme numbers, random sizes
/// of the calls, and all variants that this processor has. A mean or last maximum and logits behind
/// it make the kernel's rows visible; they too are compared.
@Suite struct KernelTests {
  /// Compares all that a stream of `count` random rows gives, call by call, with the definition.
  func compare(
    _ program: TestProgram, style: Style, rows count: Int, _ random: inout SplitMix
  ) throws {
    let rows = style.rows(count, channels: Int(program.tensors[0].channels), &random)
    let expected = Definition.run(program, rows)
    let variant = KernelVariant.available.randomElement(using: &random)!
    try program.withGraph(variant, keepsTensors: true) { graph in
      var made = Array(repeating: [[Int]](), count: program.tensors.count)
      var start = 0
      while start < count {
        let size = min(random.integer(1...Graph.maximumRows), count - start)
        graph.push(Array(rows[start..<start + size]), sizes: [size])
        for index in program.tensors.indices where program.tensors[index].rate > 0 {
          made[index] += graph.rows(index, count: graph.counts[index])
        }
        start += size
      }
      let logits = graph.logits()
      for index in program.tensors.indices.dropLast() where program.tensors[index].rate == 0 {
        made[index] = graph.rows(index, count: graph.plan.rowCount(Int32(index)))
      }
      made[program.last] = [logits]
      for index in program.tensors.indices {
        #expect(made[index] == expected[index], "tensor \(index), \(variant)")
      }
    }
  }

  /// Runs `build` for many random programs over inputs of 1…`channels` values.
  func forMany(
    _ cases: Int, channels: Int, seed: UInt64,
    _ build: (inout TestProgram, Style, inout SplitMix) -> Int
  ) throws {
    for number in 0..<cases {
      var random = SplitMix(seed: seed &+ UInt64(number))
      let style = random.chance(0.25) ? Style.extreme : .typical
      var program = TestProgram(
        channels: random.integer(1...channels), zeroPoint: random.integer(-128...127))
      var last = build(&program, style, &random)
      if program.tensors[last].rate > 0 || program.rowCount(last) > 1 {
        last = program.pool(.meanPool, last, &random)
      }
      _ = program.matrix(.logits, last, outputs: random.integer(1...9), style, &random)
      try compare(program, style: style, rows: random.integer(0...40), &random)
    }
  }

  @Test func convolutionsMatchTheirDefinition() throws {
    try forMany(400, channels: 37, seed: 1) { program, style, random in
      program.matrix(
        .conv1D, 0, outputs: random.integer(1...40), kernel: random.integer(1...7),
        stride: random.integer(1...5), dilation: random.integer(1...4), style, &random)
    }
  }

  @Test func denseMatchesItsDefinitionOnRowsAndOnDecisions() throws {
    try forMany(300, channels: 70, seed: 2) { program, style, random in
      let rows = program.matrix(.dense, 0, outputs: random.integer(1...40), style, &random)
      let pooled = program.pool(.meanPool, rows, &random)
      return program.matrix(.dense, pooled, outputs: random.integer(1...40), style, &random)
    }
  }

  @Test func maxPoolingMatchesItsDefinition() throws {
    try forMany(300, channels: 20, seed: 3) { program, style, random in
      program.maxPool(0, kernel: random.integer(1...6), stride: random.integer(1...6))
    }
  }

  @Test func lstmMatchesItsDefinition() throws {
    try forMany(300, channels: 40, seed: 4) { program, style, random in
      program.lstm(0, hidden: random.integer(1...24), style, &random)
    }
  }

  @Test func affineMatchesItsDefinition() throws {
    try forMany(300, channels: 50, seed: 5) { program, _, random in
      let rows = program.affine(0, &random)
      return program.affine(program.pool(.meanPool, rows, &random), &random)
    }
  }

  @Test func additionMatchesItsDefinition() throws {
    try forMany(300, channels: 50, seed: 6) { program, style, random in
      let channels = Int(program.tensors[0].channels)
      let other = program.matrix(.dense, 0, outputs: channels, style, &random)
      return program.add(0, other, &random)
    }
  }

  @Test func concatenationMatchesItsDefinition() throws {
    try forMany(300, channels: 30, seed: 7) { program, style, random in
      var inputs = [0]
      for _ in 0..<random.integer(1...3) {
        inputs.append(
          program.matrix(.dense, 0, outputs: random.integer(1...30), style, &random))
      }
      return program.concatenate(inputs, &random)
    }
  }

  @Test(arguments: [OperatorKind.meanPool, .statisticsPool])
  func poolingOverTimeMatchesItsDefinition(kind: OperatorKind) throws {
    try forMany(300, channels: 50, seed: 8) { program, _, random in
      program.pool(kind, 0, &random)
    }
  }

  @Test func attentionMatchesItsDefinition() throws {
    try forMany(300, channels: 50, seed: 9) { program, style, random in
      let scores = program.matrix(.dense, 0, outputs: 1, style, &random)
      return program.pool(.attentionPool, 0, scores: scores, &random)
    }
  }

  @Test func theMaximumOverTimeMatchesItsDefinition() throws {
    try forMany(200, channels: 50, seed: 10) { program, _, _ in program.globalMaxPool(0) }
  }
}

extension Graph {
  /// The `count` rows of a tensor that the last call made.
  func rows(_ tensor: Int, count: Int) -> [[Int]] {
    let channels = Int(program.tensors[tensor].channels)
    let codes = plan.rows(Int32(tensor))
    return (0..<count).map { row in
      (0..<channels).map { Int(codes[row * channels + $0]) }
    }
  }
}
