import FixedPoint
import TestSupport
import Testing

@testable import Inference

@Suite struct StreamingTests {
  private static let networks = 250

  /// Runs `body` for random networks and contexts of 0…60 rows.
  private func forNetworks(
    seed: UInt64, _ body: (TestProgram, [[Int]], inout SplitMix) throws -> Void
  ) throws {
    for number in 0..<StreamingTests.networks {
      var random = SplitMix(seed: seed &+ UInt64(number))
      let style = random.chance(0.2) ? Style.extreme : .typical
      let isWindowed = random.chance(0.4)
      let program =
        isWindowed ? TestProgram.windowed(style, &random) : TestProgram.network(style, &random)
      let rows = style.rows(
        random.integer(0...60), channels: Int(program.tensors[0].channels), &random)
      try body(program, rows, &random)
    }
  }

  @Test func anyCallSizesAndAnyVariantGiveTheSameBytes() throws {
    try forNetworks(seed: 100) { program, rows, random in
      let one = try program.logits(rows, sizes: [1])
      #expect(one == Definition.run(program, rows)[program.last][0])
      for variant in KernelVariant.available {
        let sizes = (0..<9).map { _ in random.integer(1...Graph.maximumRows) }
        for sizes in [[4], [Graph.maximumRows], sizes] {
          let found = try program.logits(rows, sizes: sizes, variant: variant)
          #expect(found == one, "\(variant)")
        }
      }
    }
  }

  @Test func aDecisionDoesNotDisturbTheStream() throws {
    try forNetworks(seed: 200) { program, rows, random in
      let undisturbed = try program.logits(rows, sizes: [3])
      try program.withGraph { graph in
        var start = 0
        while start < rows.count {
          let size = min(random.integer(1...4), rows.count - start)
          graph.push(Array(rows[start..<start + size]), sizes: [size])
          start += size
          let interim = graph.logits()
          #expect(interim == graph.logits())
          if random.chance(0.2) {
            let expected = Definition.run(program, Array(rows[..<start]))
            #expect(interim == expected[program.last][0])
          }
        }
        #expect(graph.logits() == undisturbed)
      }
    }
  }

  /// Nothing overflows or drifts apart after a context's end, though no model asks for it: three
  /// minutes without a restart.
  @Test(arguments: 0..<6) func callSizesDoNotMatterForMinutes(number: Int) throws {
    var random = SplitMix(seed: 600 + UInt64(number))
    let program =
      number % 3 == 0
      ? TestProgram.windowed(.typical, &random) : TestProgram.network(.typical, &random)
    let minute = Style.typical.rows(
      6000, channels: Int(program.tensors[0].channels), &random)
    func decisions(_ variant: KernelVariant, sizes: [Int]) throws -> [[Int]] {
      try program.withGraph(variant) { graph in
        (0..<3).map { _ in
          graph.push(minute, sizes: sizes)
          return graph.logits()
        }
      }
    }
    let one = try decisions(.portable, sizes: [1])
    let sizes = (0..<97).map { _ in random.integer(1...Graph.maximumRows) }
    #expect(try decisions(.best, sizes: sizes) == one)
  }

  @Test func aRestartForgetsEverything() throws {
    try forNetworks(seed: 300) { program, rows, random in
      let fresh = try program.logits(rows, sizes: [2])
      try program.withGraph { graph in
        for _ in 0..<3 {
          let other = Style.extreme.rows(
            random.integer(1...30), channels: Int(program.tensors[0].channels), &random)
          graph.push(other, sizes: [4, 1, 2])
          _ = graph.logits()
          graph.restart()
          graph.push(rows, sizes: [3, 4, 1])
          #expect(graph.logits() == fresh)
          graph.restart()
        }
      }
    }
  }

  @Test func nothingPooledIsRealZero() throws {
    try forNetworks(seed: 400) { program, _, _ in
      let found = try program.logits([], sizes: [1])
      #expect(found == Definition.run(program, [])[program.last][0])
    }
  }

  @Test func twoGraphsOfOneProgramDoNotShareState() throws {
    var random = SplitMix(seed: 5)
    let program = TestProgram.network(.typical, &random)
    let channels = Int(program.tensors[0].channels)
    let (first, second) = (
      Style.typical.rows(40, channels: channels, &random),
      Style.typical.rows(40, channels: channels, &random)
    )
    try program.withGraph { one in
      try program.withGraph { other in
        for row in 0..<40 {
          one.push([first[row]], sizes: [1])
          other.push([second[row]], sizes: [1])
        }
        #expect(one.logits() == Definition.run(program, first)[program.last][0])
        #expect(other.logits() == Definition.run(program, second)[program.last][0])
      }
    }
  }
}
