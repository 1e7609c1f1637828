import Foundation
import Inference
import Reference
import Testing

@Suite struct FloatGraphTests {
  /// Runs one operator on `rows`.
  private func run(
    _ kind: OperatorKind, _ rows: [[Double]], kernel: Int32 = 1, stride: Int32 = 1,
    dilation: Int32 = 1, relu: Bool = false, outputs: Int, _ parameters: OperatorParameters = .none
  ) -> FloatGraph.Trace {
    let channels = rows[0].count
    let graph = FloatGraph(
      operators: [
        Operator(
          kind, input: 0, output: 1, kernel: kernel, stride: stride, dilation: dilation, relu: relu)
      ],
      tensors: [
        Tensor(channels: Int32(channels), rate: 1), Tensor(channels: Int32(outputs), rate: 1),
      ], parameters: [parameters])
    return graph.trace(FloatRows(channels: channels, values: rows.flatMap { $0 }))
  }

  private let ramp: [[Double]] = (1...7).map { [Double($0)] }

  @Test func convolutionsAreCausalAndStartWithTheContext() {
    let matrix = OperatorParameters.matrix(weights: [100, 10, 1], bias: [0.5])
    #expect(
      run(.conv1D, ramp, kernel: 3, outputs: 1, matrix).logits
        == [1.5, 12.5, 123.5, 234.5, 345.5, 456.5, 567.5])
    #expect(
      run(.conv1D, ramp, kernel: 3, stride: 3, outputs: 1, matrix).logits == [1.5, 234.5, 567.5])
    #expect(
      run(.conv1D, ramp, kernel: 3, dilation: 2, outputs: 1, matrix).logits
        == [1.5, 2.5, 13.5, 24.5, 135.5, 246.5, 357.5])
  }

  @Test func tapsAreOldestFirstWithTheirChannelsTogether() {
    let found = run(
      .conv1D, [[1, 2], [3, 4]], kernel: 2, outputs: 1,
      .matrix(weights: [1000, 100, 10, 1], bias: [0]))
    #expect(found.logits == [12, 1234])
  }

  @Test func unfinishedWindowsAreDropped() {
    #expect(run(.maxPool1D, ramp, kernel: 2, stride: 2, outputs: 1).logits == [2, 4, 6])
    #expect(run(.maxPool1D, ramp, kernel: 3, stride: 2, outputs: 1).logits == [3, 5, 7])
  }

  @Test func poolsOverTimeAreWhatTheySay() {
    let rows: [[Double]] = [[1, 5], [2, 5], [6, 5]]
    #expect(run(.meanPool, rows, outputs: 2).logits == [3, 5])
    #expect(run(.globalMaxPool, rows, outputs: 2).logits == [6, 5])
    let statistics = run(.statisticsPool, rows, outputs: 4).logits
    #expect(
      zip(statistics, [3, 5, (14.0 / 3).squareRoot(), 0]).allSatisfy { abs($0 - $1) < 1e-12 })
  }

  @Test func attentionWeighsBySoftmax() {
    let graph = FloatGraph(
      operators: [
        Operator(.dense, input: 0, output: 1),
        Operator(.attentionPool, inputs: SIMD4(0, 1, -1, -1), output: 2),
      ],
      tensors: [
        Tensor(channels: 2, rate: 1), Tensor(channels: 1, rate: 1), Tensor(channels: 2, rate: 0),
      ], parameters: [.matrix(weights: [0, 1], bias: [3]), .none])
    let found = graph.logits(FloatRows(channels: 2, values: [10, log(1), 20, log(3)]))
    #expect(abs(found[0] - 17.5) < 1e-12)
  }

  @Test func batchNormAffineAndReluAreElementwise() {
    let normalized = run(
      .batchNorm, [[1, 2], [3, -4]], relu: true, outputs: 2,
      .batchNorm(gamma: [2, -1], beta: [1, 0], mean: [1, 0], variance: [3, 8], epsilon: 1))
    #expect(normalized.tensors[1].values == [1, 0, 3, 4.0 / 3])
    let mapped = run(.affine, [[1, 2]], outputs: 2, .affine(scale: [2, 3], offset: [1, -1]))
    #expect(mapped.logits == [3, 5])
    #expect(run(.relu, [[-1, 2]], outputs: 2).logits == [0, 2])
  }

  @Test func lstmFollowsItsEquations() {
    let (wi, wf, wg, wo) = (0.3, -0.2, 0.9, 0.5)
    let (ri, rf, rg, ro) = (-0.4, 0.1, 0.7, -0.6)
    let found = run(
      .lstm, [[1], [-2]], outputs: 1,
      .lstm(
        input: [wi, wf, wg, wo], recurrent: [ri, rf, rg, ro], bias: [0.1, 0.2, 0.3, 0.4]))
    var (h, c, greatest) = (0.0, 0.0, 0.0)
    var wanted: [Double] = []
    for x in [1.0, -2] {
      func logistic(_ value: Double) -> Double { 1 / (1 + exp(-value)) }
      let i = logistic(wi * x + ri * h + 0.1)
      let f = logistic(wf * x + rf * h + 0.2)
      let g = tanh(wg * x + rg * h + 0.3)
      let o = logistic(wo * x + ro * h + 0.4)
      c = f * c + i * g
      greatest = max(greatest, abs(c))
      h = o * tanh(c)
      wanted.append(h)
    }
    #expect(zip(found.logits, wanted).allSatisfy { abs($0 - $1) < 1e-12 })
    #expect(found.greatestCells.count == 1 && abs(found.greatestCells[0] - greatest) < 1e-12)
  }

  @Test func aContextTooShortForAnyRowPoolsToZeros() {
    let graph = FloatGraph(
      operators: [
        Operator(.maxPool1D, input: 0, output: 1, kernel: 4, stride: 4),
        Operator(.statisticsPool, input: 1, output: 2),
      ],
      tensors: [
        Tensor(channels: 1, rate: 1), Tensor(channels: 1, rate: 4), Tensor(channels: 2, rate: 0),
      ], parameters: [.none, .none])
    #expect(graph.logits(FloatRows(channels: 1, values: [1, 2, 3])) == [0, 0])
  }

  @Test func productsOfEveryDepthAreComplete() {
    for depth in 1...35 {
      let row = (0..<depth).map { Double($0 + 1) }
      let found = run(
        .dense, [row], outputs: 1,
        .matrix(weights: Array(repeating: 2, count: depth), bias: [0.25]))
      #expect(found.logits == [Double(depth * (depth + 1)) + 0.25])
    }
  }
}
