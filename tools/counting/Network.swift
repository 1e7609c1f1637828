import FixedPoint
import Inference
import ModelFile

/// From the network's inputs to logits.
struct Network: ~Copyable {
  /// Frames that the whole network is counted over: the longest call, in which every stride comes
  /// round.
  private static let frames = Graph.maximumRows

  private var graph: Graph
  private let program: Program
  private let rows: UnsafeMutablePointer<Int8>
  private let logits: UnsafeMutablePointer<Int32>

  init(_ program: Program, _ variant: KernelVariant, arena: inout Arena) {
    self.program = program
    graph = Graph(program, variant: variant, arena: &arena)
    rows = arena.take(Int8.self, count: Graph.maximumRows * program.inputChannels)
    logits = arena.take(Int32.self, count: program.classCount)
  }

  /// Decisions come every half second.
  private static let decisionsPerSecond = 2.0

  mutating func run(_ counter: Counter, framesPerSecond: Double) {
    for index in 0..<Graph.maximumRows * program.inputChannels {
      rows[index] = Int8(truncatingIfNeeded: index &* 37)
    }
    graph.restart()
    push(block: Graph.maximumRows)
    graph.decide(into: logits)
    let times = framesPerSecond / Double(Network.frames)
    let work = program.multiplicationsPerFrame * Double(Network.frames)
    counter.count("network, longest calls", times: times, multiplications: work) {
      push(block: Graph.maximumRows)
    }
    counter.count("network, frame by frame", times: times, multiplications: work) { push(block: 1) }
    counter.count(
      "decision", times: Network.decisionsPerSecond,
      multiplications: Double(program.multiplicationsPerDecision)
    ) { graph.decide(into: logits) }
    for index in 0..<program.operators.count { run(operator: index, counter, framesPerSecond) }
  }

  /// One operator over time, with the rows that the longest call brings it, until its stride has
  /// come round; and its share of a decision.
  private mutating func run(
    operator index: Int, _ counter: Counter, _ framesPerSecond: Double
  ) {
    let step = program.operators[index]
    let work = Double(program.multiplications(ofOperator: index))
    let rate = Int(program.tensors[Int(step.inputs[0])].rate)
    let decides = program.tensors[index + 1].rate == 0
    if rate > 0 {
      let rows = max(1, Graph.maximumRows / rate)
      let calls = Int(step.stride)
      counter.count(
        step.name, operator: index, times: framesPerSecond / Double(rate * rows * calls),
        multiplications: decides ? 0 : work * Double(rows)
      ) {
        for _ in 0..<calls { graph.rerun(operator: index, rows: rows) }
      }
    }
    if decides {
      counter.count(
        step.name, operator: index, decides: true, times: Network.decisionsPerSecond,
        multiplications: work
      ) { graph.redecide(operator: index, into: logits) }
    }
  }

  private mutating func push(block: Int) {
    for _ in 0..<Network.frames / block { graph.push(rows, count: block) }
  }
}

extension Operator {
  /// The operation, as a text that needs no memory.
  fileprivate var name: StaticString {
    switch kind {
    case .conv1D: "  convolution"
    case .maxPool1D: "  max pooling"
    case .dense: "  dense"
    case .lstm: "  LSTM"
    case .affine: "  affine"
    case .add: "  addition"
    case .concatenate: "  concatenation"
    case .attentionPool: "  attention pooling"
    case .meanPool: "  mean pooling"
    case .statisticsPool: "  statistics pooling"
    case .globalMaxPool: "  global max pooling"
    case .logits: "  logits"
    case .window: "  window"
    case .conv2D: "  plane convolution"
    case .depthwise2D: "  depthwise convolution"
    case .maxPool2D: "  plane max pooling"
    case .averagePool2D: "  plane average pooling"
    case .pack: "  packing"
    case .lastRow: "  last row"
    case .simpleRNN: "  simple recurrent layer"
    case .centre: "  centring"
    case .batchNorm, .relu, nil: "  operator of a float graph"
    }
  }
}
