import FixedPoint
import Foundation
import Reference
import TestSupport
import Testing

@testable import Inference

/// The integer LSTM against the float one, over runs as long as a context and much longer.
@Suite struct LSTMPrecisionTests {
  private struct Quantized {
    var program: TestProgram
    var float: FloatGraph
  }

  private static let (channels, hidden) = (48, 64)
  private static let inputScale = 4.0 / 127

  /// A float LSTM as training leaves them (forget gates open, some gates beyond ±8) and its
  /// quantization.
  private func model(greatestCell: Double, gain: Double, _ random: inout SplitMix) throws
    -> Quantized
  {
    let (channels, hidden) = (LSTMPrecisionTests.channels, LSTMPrecisionTests.hidden)
    func normal() -> Double {
      (0..<12).reduce(-6) { sum, _ in sum + Double.random(in: 0..<1, using: &random) }
    }
    let input = (0..<4 * hidden * channels).map { _ in
      gain * normal() / Double(channels).squareRoot()
    }
    let recurrent = (0..<4 * hidden * hidden).map { _ in normal() / Double(hidden).squareRoot() }
    let bias = (0..<4 * hidden).map { ($0 / hidden == 1 ? 1 : 0) + 0.5 * normal() }
    let outputScale = 1.0 / 127

    func quantized(_ values: [Double], depth: Int, scale: Double, bias: [Double]) throws
      -> TestMatrix
    {
      var matrix = TestMatrix(weights: [], biases: [], rescalers: [])
      for output in 0..<4 * hidden {
        let row = values[output * depth..<(output + 1) * depth]
        let step = row.map(abs).max()! / 127
        matrix.weights.append(row.map { Int(($0 / step).rounded()) })
        matrix.biases.append(Int((bias[output] / (step * scale)).rounded()))
        matrix.rescalers.append(try Rescaler(ratio: step * scale * 2048))
      }
      return matrix
    }
    let first = try quantized(
      input, depth: channels, scale: LSTMPrecisionTests.inputScale, bias: bias)
    let second = try quantized(
      recurrent, depth: hidden, scale: outputScale, bias: Array(repeating: 0, count: 4 * hidden))
    let constants = try LSTMConstants(greatestCell: greatestCell, outputScale: outputScale)
    var program = TestProgram(channels: channels)
    program.append(
      .lstm, inputs: [0], channels: hidden, rate: 1, scale: Float(outputScale),
      layer: .lstm(input: first, recurrent: second, constants: constants),
      block: first.packed() + second.packed() + block(of: constants))
    let mean = program.pool(.meanPool, 1, &random)
    _ = program.matrix(.logits, mean, outputs: 2, .typical, &random)
    let float = FloatGraph(
      operators: [program.operators[0]], tensors: Array(program.tensors[...1]),
      parameters: [.lstm(input: input, recurrent: recurrent, bias: bias)])
    return Quantized(program: program, float: float)
  }

  /// Signal to noise of the hidden state in dB between one time and the next, in frames.
  private func ratios(
    _ model: Quantized, until times: [Int], _ random: inout SplitMix
  ) throws -> [Double] {
    let channels = LSTMPrecisionTests.channels
    var row = [Double](repeating: 0, count: channels)
    let rows = (0..<times.last!).map { _ -> [Int] in
      for index in row.indices {
        row[index] = 0.9 * row[index] + 20 * .random(in: -1...1, using: &random)
      }
      return row.map { Int(max(-128, min(127, $0.rounded()))) }
    }
    let wanted = model.float.trace(
      FloatRows(
        channels: channels,
        values: rows.flatMap { $0.map { Double($0) * LSTMPrecisionTests.inputScale } })
    ).tensors[1]
    var ratios: [Double] = []
    var (signal, noise) = (0.0, 0.0)
    try model.program.withGraph(keepsTensors: true) { graph in
      for frame in rows.indices {
        graph.push([rows[frame]], sizes: [1])
        for (code, value) in zip(graph.rows(1, count: 1)[0], wanted[frame]) {
          signal += value * value
          noise += pow(Double(code) / 127 - value, 2)
        }
        if times.contains(frame + 1) {
          ratios.append(10 * log10(signal / noise))
          (signal, noise) = (0, 0)
        }
      }
    }
    return ratios
  }

  /// Never restarted, which no device does: contexts are seconds.
  @Test func staysAsCloseToTheFloatNetworkForMinutesAsForSeconds() throws {
    var random = SplitMix(seed: 22)
    let probe = try model(greatestCell: 16, gain: 0.7, &random)
    let times = [300, 1000, 3000, 10_000, 30_000]
    let found = try ratios(probe, until: times, &random)
    for (time, ratio) in zip(times, found) {
      print("LSTM, until \(time / 100) s:", String(format: "%.1f dB", ratio))
    }
    #expect(found.allSatisfy { $0 >= 38 })
    #expect(found.max()! - found.min()! < 1.5)
  }

  @Test func gatesBeyondEightAreKept() throws {
    var random = SplitMix(seed: 23)
    let probe = try model(greatestCell: 32, gain: 2.5, &random)
    let found = try ratios(probe, until: [400], &random)[0]
    print("LSTM with gates beyond 8, 400 frames: \(found) dB")
    #expect(found > 30)
  }
}
