import Acoustics
import Foundation
import Inference
import ModelFile
import Testing

@testable import Benchmark

@Suite struct ModelBenchmarkTests {
  private static let loaded = Result {
    try LoadedModel(
      path: URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appending(path: "../../models/emotion.edge").standardizedFileURL.path)
  }

  private func benchmark(_ variant: KernelVariant = .best) throws -> ModelBenchmark {
    ModelBenchmark(
      try ModelBenchmarkTests.loaded.get(), variant: variant, rounds: 1, slice: .microseconds(20))
  }

  @Test func everyOperatorIsMeasuredWhereItRuns() throws {
    let program = try ModelBenchmarkTests.loaded.get().model.program
    let benchmark = try benchmark()
    for (index, step) in program.operators.enumerated() {
      let takesFrames = program.tensors[Int(step.inputs[0])].rate > 0
      for block in ModelBenchmark.blocks {
        #expect((benchmark[.step(index, block: block)] != nil) == takesFrames, "operator \(index)")
      }
      let makesDecisions = program.tensors[index + 1].rate == 0
      #expect((benchmark[.decisionStep(index)] != nil) == makesDecisions, "operator \(index)")
    }
    #expect(benchmark.timings.values.allSatisfy { $0.least > 0 && $0.median >= $0.least })
  }

  @Test func multiplicationsOfOperatorsAddUpToTheNetworks() throws {
    let program = try ModelBenchmarkTests.loaded.get().model.program
    let benchmark = try benchmark()
    let all = program.operators.indices
    for block in ModelBenchmark.blocks {
      let steps = all.compactMap { benchmark.multiplications(in: .step($0, block: block)) }
      let whole = try #require(benchmark.multiplications(in: .network(block: block)))
      #expect(abs(steps.reduce(0, +) / whole - 1) < 1e-12)
    }
    let decision = all.compactMap { benchmark.multiplications(in: .decisionStep($0)) }
    #expect(decision.reduce(0, +) == benchmark.multiplications(in: .decision))
  }

  @Test func stagesAreThoseOfTheModel() throws {
    let benchmark = try benchmark()
    let definition = try ModelBenchmarkTests.loaded.get().model.frontEnd.definition
    #expect(benchmark[.stage(.transform)] != nil)
    #expect((benchmark[.stage(.extras)] != nil) == (definition.extras != .none))
    #expect(benchmark.framesPerSecond == 100)
  }

  @Test func portableKernelsAreMeasuredAgainstThePeakOfTheFastest() throws {
    let benchmark = try benchmark(.portable)
    #expect(benchmark.variant == .portable)
    #expect((benchmark.rate(of: .registerPeak) != nil) == (KernelVariant.best != .portable))
    if let share = benchmark.shareOfPeak(.network(block: Graph.maximumRows)) {
      #expect(share > 0 && share < 1)
    }
  }
}
