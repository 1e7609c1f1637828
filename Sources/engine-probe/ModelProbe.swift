import Acoustics
import FixedPoint
import Foundation
import Inference
import ModelFile

/// What a model makes of standard input, written to standard output.
struct ModelProbe {
  let loaded: LoadedModel

  init(path: String) throws { loaded = try LoadedModel(path: path) }

  /// Samples to the rows that the network reads, with an unknown talker, as one context.
  func printFeatures() throws {
    var answer: [UInt8] = []
    let samples = EngineProbe.input(as: Int16.self)
    var arena = Arena(.allocate(byteCount: 1 << 20, alignment: Arena.alignment))
    var frontEnd = FrontEnd(loaded.model.frontEnd, arena: &arena)
    var features = FeatureMap(loaded.model.features, arena: &arena)
    frontEnd.restart()
    features.restart()
    let row = arena.take(Int8.self, count: features.columns)
    samples.withUnsafeBufferPointer { samples in
      var rest = samples
      while let raw = frontEnd.next(&rest) {
        features.map(raw, into: row)
        answer += (0..<features.columns).map { UInt8(bitPattern: row[$0]) }
      }
    }
    try FileHandle.standardOutput.write(contentsOf: Data(answer))
  }

  /// Rows, window after window from a restart on, to the logits of each: Q16 of log2.
  func printLogits(window: Int) throws {
    var answer: [UInt8] = []
    let program = loaded.model.program
    let width = program.inputChannels
    let rows = EngineProbe.input(as: Int8.self)
    var arena = Arena(
      .allocate(byteCount: Program.maximumArena, alignment: Arena.alignment))
    var graph = Graph(program, variant: loaded.kernels, arena: &arena)
    let logits = arena.take(Int32.self, count: program.classCount)
    rows.withUnsafeBufferPointer { rows in
      for start in stride(from: 0, to: rows.count, by: window * width) {
        graph.restart()
        var left = min(window, (rows.count - start) / width)
        var next = rows.baseAddress! + start
        while left > 0 {
          let count = min(left, Graph.maximumRows)
          graph.push(next, count: count)
          next += count * width
          left -= count
        }
        graph.decide(into: logits)
        answer += UnsafeRawBufferPointer(start: logits, count: 4 * program.classCount)
      }
    }
    try FileHandle.standardOutput.write(contentsOf: Data(answer))
  }
}
