import FixedPoint
import TestSupport
import Testing

@testable import Inference

/// The centring of a layer against its definition, and what becomes of what it knows.
@Suite struct CentringTests {
  /// A random network that centres one or two layers.
  private func program(
    _ style: Style, prior: Int? = nil, segments: Int? = nil, _ random: inout SplitMix
  ) -> TestProgram {
    var program = TestProgram(
      channels: random.integer(1...20), zeroPoint: random.integer(-128...127))
    var last = program.pool(random.chance(0.5) ? .meanPool : .statisticsPool, 0, &random)
    last = program.centre(last, style, prior: prior, segments: segments, &random)
    if random.chance(0.5) {
      last = program.matrix(.dense, last, outputs: random.integer(1...40), style, &random)
      last = program.centre(last, style, prior: prior, segments: segments, &random)
    }
    _ = program.matrix(.logits, last, outputs: random.integer(2...8), style, &random)
    return program
  }

  private func rows(
    _ program: TestProgram, _ style: Style, _ random: inout SplitMix
  ) -> [[Int]] {
    style.rows(random.integer(0...30), channels: Int(program.tensors[0].channels), &random)
  }

  /// A session of `segments` segments of one to three contexts each, every decision of which is
  /// what the definition says; now and then a segment that is not remembered, and another talker.
  private func compareSession(
    _ program: TestProgram, style: Style, segments: Int, forgets: Double = 0.05,
    _ random: inout SplitMix
  ) throws {
    let variant = KernelVariant.available.randomElement(using: &random)!
    try program.withGraph(variant, keepsTensors: true) { graph in
      var talker = DefinedTalker(of: program)
      for segment in 0..<segments {
        graph.restart()
        for context in 0..<random.integer(1...3) {
          if context > 0 { graph.nextContext() }
          let rows = rows(program, style, &random)
          let half = random.integer(0...rows.count)
          graph.push(Array(rows[..<half]), sizes: [Graph.maximumRows])
          // An interim decision, which teaches nothing.
          _ = graph.logits()
          graph.push(Array(rows[half...]), sizes: [random.integer(1...Graph.maximumRows)])
          let expected = Definition.run(program, rows, talker: talker)
          let found = graph.logits()
          #expect(found == expected[program.last][0], "segment \(segment), \(variant)")
          for index in program.tensors.indices.dropLast() where program.tensors[index].rate == 0 {
            #expect(graph.rows(index, count: 1) == expected[index], "tensor \(index)")
          }
          let frames = random.chance(0.1) ? Int(Int32.max) : random.integer(1...1000)
          graph.endContext(frames: Int32(frames))
          talker.endContext(expected, frames: frames)
        }
        let isRemembered = random.chance(0.9)
        graph.endSegment(isRemembered: isRemembered)
        talker.endSegment(isRemembered: isRemembered)
        if random.chance(forgets) {
          graph.forgetTalker()
          talker = DefinedTalker(of: program)
        }
      }
    }
  }

  @Test func sessionsMatchTheDefinition() throws {
    for number in 0..<150 {
      var random = SplitMix(seed: 900 &+ UInt64(number))
      let style = random.chance(0.3) ? Style.extreme : .typical
      try compareSession(
        program(style, &random), style: style, segments: random.integer(1...12), &random)
    }
  }

  /// More segments than count: what is older fades, at either end of what can count.
  @Test(arguments: [1, 2, 40, 64]) func olderSegmentsFadeAsTheDefinitionSays(segments: Int) throws {
    for style in Style.allCases {
      var random = SplitMix(seed: 1100 &+ UInt64(segments))
      let program = program(style, prior: segments == 64 ? 1 : nil, segments: segments, &random)
      try compareSession(program, style: style, segments: 100, forgets: 0, &random)
    }
  }

  /// 300 segments of the same extreme codes, against means at the other end: the largest sums.
  @Test(arguments: [Int32(-1), 1]) func theLargestSumsStayInTheirWords(sign: Int32) throws {
    var random = SplitMix(seed: 3)
    var program = TestProgram(channels: 3, zeroPoint: sign < 0 ? -128 : 127)
    let pooled = program.globalMaxPool(0)
    let centre = program.centre(pooled, .extreme, prior: 1, segments: 64, &random)
    _ = program.matrix(.logits, centre, outputs: 2, .extreme, &random)
    let layout = CentreLayout(channels: 3)
    var (means, amounts) = ([Int](), [Int]())
    for channel in 0..<3 {
      means.append(Int(sign * CentreLayout.greatestMean))
      amounts.append(Int([-1, 0, 1][channel] * CentreLayout.greatestAmount))
      program.poke(1, layout.means + 4 * channel, Int32(means[channel]))
      program.poke(1, layout.amounts + 4 * channel, Int32(amounts[channel]))
    }
    guard case .centre(_, _, let constants) = program.layers[1] else {
      Issue.record("no centre")
      return
    }
    program.layers[1] = .centre(means: means, amounts: amounts, constants)
    let row = [[Int]](repeating: [Int](repeating: sign < 0 ? 127 : -128, count: 3), count: 2)
    try program.withGraph { graph in
      var talker = DefinedTalker(of: program)
      for _ in 0..<300 {
        graph.restart()
        graph.push(row, sizes: [2])
        let expected = Definition.run(program, row, talker: talker)
        #expect(graph.logits() == expected[program.last][0])
        graph.endContext(frames: .max)
        talker.endContext(expected, frames: Int(Int32.max))
        graph.endSegment(isRemembered: true)
        talker.endSegment(isRemembered: true)
      }
      // 64 segments and one of the prior, four times 2¹⁶ steps and more.
      let offset = try #require(talker.offsets(ofOperator: 1))
      #expect(offset[1] == 0 && abs(offset[2]) > 1 << 25 && abs(offset[2]) < 1 << 27)
    }
  }

  /// A session of one network, whose rows are always the same.
  private func withSession(
    _ body: (inout Graph, _ context: (inout Graph) -> [Int]) throws -> Void
  ) throws {
    var random = SplitMix(seed: 5)
    var program = TestProgram(channels: 6, zeroPoint: 4)
    let pooled = program.pool(.meanPool, 0, &random)
    let centre = program.centre(pooled, .typical, prior: 2, segments: 10, &random)
    _ = program.matrix(.logits, centre, outputs: 4, .typical, &random)
    let rows = Style.typical.rows(20, channels: 6, &random)
    try program.withGraph { graph in
      try body(&graph) { graph in
        graph.restart()
        graph.push(rows, sizes: [16])
        return graph.logits()
      }
    }
  }

  @Test func aSegmentIsFrozenWhileItLasts() throws {
    try withSession { graph, context in
      let first = context(&graph)
      graph.endContext(frames: 20)
      #expect(context(&graph) == first, "another context of the segment")
      graph.endContext(frames: 20)
      graph.endSegment(isRemembered: true)
      #expect(context(&graph) != first, "another segment of the talker")
    }
  }

  @Test func itGoesWithTheTalker() throws {
    try withSession { graph, context in
      let first = context(&graph)
      graph.endContext(frames: 20)
      graph.endSegment(isRemembered: true)
      let second = context(&graph)
      // In the midst of a segment too, whose earlier contexts go with the talker.
      graph.endContext(frames: 20)
      graph.forgetTalker()
      #expect(context(&graph) == first)
      graph.endContext(frames: 20)
      graph.endSegment(isRemembered: true)
      #expect(context(&graph) == second)
    }
  }

  @Test func aSegmentThatIsNotRememberedTellsNothing() throws {
    try withSession { graph, context in
      let first = context(&graph)
      graph.endContext(frames: 20)
      graph.endSegment(isRemembered: false)
      #expect(context(&graph) == first)
      // Nor does one without a context, of which there is nothing to remember.
      graph.endSegment(isRemembered: true)
      #expect(context(&graph) == first)
    }
  }

  /// Kernels are made at the first restart: what is said before it says nothing, and touches no
  /// memory that is not theirs yet.
  @Test func beforeTheFirstContextThereIsNobodyToForget() throws {
    var random = SplitMix(seed: 6)
    let program = program(.typical, &random)
    try program.withProgram { program in
      try program.check()
      var counting = Arena.counting()
      var graph = Graph(program, arena: &counting)
      graph.forgetTalker()
      graph.endContext(frames: 1)
      graph.endSegment(isRemembered: true)
    }
  }
}
