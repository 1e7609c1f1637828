import Glibc
import Inference
import Reference

/// Which channels must share their gain, because some operator adds them or passes one on as the
/// other.
///
/// Channels are nodes, joined as the operators demand (Tarjan's disjoint sets); a family has one
/// gain.
struct ChannelFamilies {
  private var parents: [Int]
  private var isFixed: [Bool]
  private var peaks: [Double]
  private let starts: [Int]
  private let counts: [Int]
  private let isBound: [Bool]

  init(_ graph: FloatGraphDescription) {
    counts = graph.tensors.map { Int($0.channels) }
    var starts: [Int] = []
    var total = 0
    for count in counts {
      starts.append(total)
      total += count
    }
    self.starts = starts
    parents = Array(0..<total)
    isFixed = Array(repeating: false, count: total)
    peaks = Array(repeating: 0, count: total)
    isBound = ChannelFamilies.boundTensors(graph)
    fix(0)
    for index in graph.operators.indices { join(index, graph) }
  }

  /// Whether concatenation `index` may scale its inputs independently: its output is neither added
  /// to something else nor read by an operator that cannot compensate.
  func isFree(_ index: Int) -> Bool { !isBound[index + 1] }

  /// Computes the span of each family.
  mutating func gather(_ ranges: ChannelRanges) {
    for tensor in counts.indices {
      for channel in 0..<counts[tensor] {
        let root = root(starts[tensor] + channel)
        peaks[root] = max(peaks[root], ranges.peak(tensor, channel))
      }
    }
  }

  /// The gains of a tensor whose producer can be divided.
  mutating func gains(_ tensor: Int, strength: Double) -> [Double] {
    (0..<counts[tensor]).map { channel in
      let root = root(starts[tensor] + channel)
      guard !isFixed[root], peaks[root] > 0 else { return 1 }
      return pow(min(max(peaks[root], 0x1p-10), 0x1p10), strength)
    }
  }

  /// The gains of a tensor that stays undivided.
  func fixedGains(_ tensor: Int) -> [Double] { Array(repeating: 1, count: counts[tensor]) }

  private mutating func join(_ index: Int, _ graph: FloatGraphDescription) {
    let step = graph.operators[index]
    let inputs = (0..<Int(step.inputCount)).map { Int(step.inputs[$0]) }
    let output = index + 1
    switch step.kind {
    case .add:
      for input in inputs { join(input, output, at: 0) }
    case .maxPool1D, .globalMaxPool, .meanPool, .window, .lastRow, .centre:
      join(inputs[0], output, at: 0)
    case .conv2D, .depthwise2D, .maxPool2D, .averagePool2D:
      joinPlane(index, graph)
    case .pack:
      fix(inputs[0])
      fix(output)
    case .statisticsPool:
      join(inputs[0], output, at: 0)
      join(inputs[0], output, at: counts[inputs[0]])
    case .attentionPool:
      join(inputs[0], output, at: 0)
      fix(inputs[1])
    case .concatenate:
      guard !isFree(index) else { return }
      var start = 0
      for input in inputs {
        join(input, output, at: start)
        start += counts[input]
      }
    case .lstm, .simpleRNN, .logits:
      fix(output)
    default:
      break
    }
  }

  /// Poolings of a sequence keep its channels and therefore join them; an image's columns share
  /// features, which stay undivided.
  private mutating func joinPlane(_ index: Int, _ graph: FloatGraphDescription) {
    let input = Int(graph.operators[index].inputs[0])
    guard ChannelFamilies.keepsChannels(graph.parameters[index]) else {
      fix(input)
      fix(index + 1)
      return
    }
    if case .planePool = graph.parameters[index] { join(input, index + 1, at: 0) }
  }

  /// Joins all channels of `tensor` with those of `other` from `start` on.
  private mutating func join(_ tensor: Int, _ other: Int, at start: Int) {
    for channel in 0..<counts[tensor] {
      let first = root(starts[tensor] + channel)
      let second = root(starts[other] + start + channel)
      parents[second] = first
      isFixed[first] = isFixed[first] || isFixed[second]
    }
  }

  private mutating func fix(_ tensor: Int) {
    for channel in 0..<counts[tensor] { isFixed[root(starts[tensor] + channel)] = true }
  }

  private mutating func root(_ node: Int) -> Int {
    var node = node
    while parents[node] != node {
      parents[node] = parents[parents[node]]
      node = parents[node]
    }
    return node
  }

  /// Which tensors reach, through operators that pass gains on, a sum or an operator that cannot
  /// compensate for gains.
  private static func boundTensors(_ graph: FloatGraphDescription) -> [Bool] {
    var isBound = [Bool](repeating: false, count: graph.tensors.count)
    for (index, step) in graph.operators.enumerated().reversed() {
      let bindsInputs =
        switch step.kind {
        case .add, .pack: true
        case .conv2D, .depthwise2D: !keepsChannels(graph.parameters[index])
        case .maxPool2D, .averagePool2D:
          !keepsChannels(graph.parameters[index]) || isBound[index + 1]
        case .maxPool1D, .globalMaxPool, .meanPool, .statisticsPool, .attentionPool, .concatenate,
          .window, .lastRow, .centre:
          isBound[index + 1]
        default: false
        }
      guard bindsInputs else { continue }
      for place in 0..<Int(step.inputCount) { isBound[Int(step.inputs[place])] = true }
    }
    return isBound
  }

  /// Whether a plane operator sees a sequence, whose channels it keeps separate, and not an image.
  private static func keepsChannels(_ parameters: OperatorParameters) -> Bool {
    switch parameters {
    case .plane(let geometry, _, _), .planePool(let geometry):
      // Padded sideways, a sequence becomes an image.
      geometry.columns == 1 && geometry.outputColumns == 1
    default: false
    }
  }
}
