import Acoustics
import Inference
import ModelFile

/// Runs an int8 network over a whole context and keeps the codes of every tensor, for comparison
/// layer by layer.
final class IntegerTrace {
  /// By tensor index: its codes over the last context, row by row.
  private(set) var codes: [[Int8]] = []
  /// The logits of the last context: natural logarithms, after the temperature.
  private(set) var logits: [Double] = []

  private let checked: CheckedModel
  private let memory: ArenaMemory
  private var features: FeatureMap
  private var graph: Graph
  private let program: Program
  private let width: Int
  private let isOncePerDecision: [Bool]

  /// A trace of a model.
  init(_ checked: CheckedModel) {
    self.checked = checked
    let model = checked.model
    memory = ArenaMemory {
      _ = FeatureMap(model.features, arena: &$0)
      _ = Graph(model.program, keepsTensors: true, arena: &$0)
    }
    var arena = memory.arena()
    features = FeatureMap(model.features, arena: &arena)
    graph = Graph(model.program, keepsTensors: true, arena: &arena)
    program = model.program
    width = model.frontEnd.definition.rawCount
    isOncePerDecision = model.program.tensors.map { $0.rate == 0 }
  }

  /// Runs the next context: raw vectors less a baseline, Q16, one after the other. The network's
  /// memory of a talker is its own, including its errors, as on the device.
  func run(_ context: PlacedContext) {
    if context.place.beginsTalker { graph.forgetTalker() }
    run(context.frames)
    graph.endContext(frames: Int32(context.frames.count / width))
    if let ending = context.place.ending {
      graph.endSegment(isRemembered: ending.isRemembered)
    }
  }

  private func run(_ frames: [Int32]) {
    codes = Array(repeating: [], count: program.tensors.count)
    features.restart()
    graph.restart()
    var row = [Int8](repeating: 0, count: program.inputChannels)
    for start in stride(from: 0, to: frames.count, by: width) {
      frames.withUnsafeBufferPointer { frames in
        row.withUnsafeMutableBufferPointer { row in
          features.map(frames.baseAddress! + start, into: row.baseAddress!)
          graph.push(row.baseAddress!, count: 1)
        }
      }
      keep(oncePerDecision: false)
    }
    var decided = [Int32](repeating: 0, count: program.classCount)
    decided.withUnsafeMutableBufferPointer { graph.decide(into: $0.baseAddress!) }
    keep(oncePerDecision: true)
    // Q16 of log2 to natural logarithms.
    logits = decided.map { Double($0) * 0x1p-16 * 0.6931471805599453 }
  }

  private func keep(oncePerDecision: Bool) {
    for index in 0..<codes.count - 1 where isOncePerDecision[index] == oncePerDecision {
      codes[index].append(contentsOf: graph.codes(ofTensor: index))
    }
  }
}
